/** `Task`: an async function that runs on the loop, one step at a time. */
import { type Context, contextOf, currentVars, type Vars } from "./contextvars.ts";
import type { Coro } from "./coroutines.ts";
import type { EventLoop } from "./events.ts";
import { CancelledError, KeyboardInterrupt, RuntimeError } from "./exceptions.ts";
import { CANCELLED, EXCEPTION, Future, PENDING, RESULT, type Wait } from "./futures.ts";
import type { Runnable } from "./ready.ts";
import {
  type Captured,
  captureContext,
  currentScope,
  enterScope,
  hasAsyncContext,
  noteHolder,
  runCaptured,
  type Scope,
} from "./running.ts";
import { isThenable } from "./thenable.ts";

/** How a task is made. */
export interface TaskOptions {
  /** A name for messages and tools; by default `Task-1`, `Task-2`, ... */
  readonly name?: string | undefined;
  /** The context to run in; by default a copy of the current one. */
  readonly context?: Context | undefined;
  /** When it aborts, the task is cancelled. */
  readonly signal?: AbortSignal | undefined;
}

let lastNumber = 0;

/**
 * An async function that runs on the loop: `asyncio.Task`. Make one with {@link createTask} or in a task group.
 *
 * It starts in the loop's next iteration, and runs until it awaits something of Turnwise's that is not done. `await`
 * it for its result. The loop holds it until it is done: it can't vanish.
 */
export class Task<T> extends Future<T> implements Scope, Runnable {
  /** @internal The function, until it starts. */
  _fn: Coro<T> | null;
  /** @internal */
  _vars: Vars;
  /** @internal */
  _explicitContext: Context | null;
  /** @internal Where it waits: asyncio's `_fut_waiter`. */
  _wait: Wait | null = null;
  /** @internal Where else it waits, if it forked itself (`Promise.all`). */
  _branches: Set<Wait> | null = null;
  /** @internal A cancellation is due that could not be delivered yet. */
  _mustCancel = false;
  /** @internal It waits for a promise that is not ours. */
  _foreign = false;
  /** @internal The loop's list of live tasks. */
  _previous: Task<unknown> | null = null;
  /** @internal */
  _next: Task<unknown> | null = null;
  #captured: Captured;
  #cancelMessage: string | undefined = undefined;
  #cancelRequests = 0;
  #name: string | number;
  #coroName: string;
  #controller: AbortController | null = null;

  /** @internal Use `createTask`. */
  constructor(loop: EventLoop, fn: Coro<T>, name: string | undefined, context: Context | undefined) {
    super(loop);
    this._fn = fn;
    this._explicitContext = context ?? null;
    this._vars = context === undefined ? currentVars() : null;
    this.#captured = captureContext();
    this.#name = name ?? ++lastNumber;
    this.#coroName = fn.name;
  }

  /** Its name: asyncio's `get_name`. */
  getName(): string {
    return typeof this.#name === "number" ? `Task-${this.#name}` : this.#name;
  }

  /** Gives it another name: asyncio's `set_name`. */
  setName(name: string): void {
    this.#name = String(name);
  }

  /** The name of the function that it runs; empty if it has none. */
  getCoroName(): string {
    return this.#coroName;
  }

  /** The context that it runs in: asyncio's `get_context`. */
  getContext(): Context {
    this._explicitContext ??= contextOf(this._vars);
    return this._explicitContext;
  }

  /**
   * Asks the task to stop: a {@link CancelledError} with `msg` is thrown at the `await` where it waits, or at its next
   * `await` of something of ours. What it waits for is cancelled. A task that has not started never runs.
   *
   * A task that awaits a foreign promise goes on until that settles: wrap it in {@link interruptible}, or pass the
   * task's {@link signal} on.
   *
   * @returns false if the task is done, else true: also if the task will swallow the error.
   */
  override cancel(msg?: string): boolean {
    if (this._state !== PENDING) return false;
    // A chain of tasks that wait for each other is walked here and not by recursion: it may be long.
    let task: Task<unknown> = this as Task<unknown>;
    for (;;) {
      task.#cancelRequests++;
      task.#abortSignal(msg);
      const next: Future<unknown> | null = task._wait?.future ?? null;
      if (next instanceof Task && next._state === PENDING && task._branches === null) {
        task = next;
        continue;
      }
      if (!task.#cancelWaits(msg)) {
        task._mustCancel = true;
        task.#cancelMessage = msg;
      }
      return true;
    }
  }

  /** How often cancellation was asked for, less the calls of {@link uncancel}: asyncio's `cancelling`. */
  cancelling(): number {
    return this.#cancelRequests;
  }

  /**
   * Takes back one request to cancel, for code that caught the error and goes on: asyncio's `uncancel`. At 0 a
   * cancellation that was not delivered yet is forgotten.
   * @returns how many requests are left.
   */
  uncancel(): number {
    if (this.#cancelRequests > 0) {
      this.#cancelRequests--;
      if (this.#cancelRequests === 0) {
        this._mustCancel = false;
        if (this.#controller?.signal.aborted === true) this.#controller = null;
      }
    }
    return this.#cancelRequests;
  }

  /**
   * A signal that aborts when the task is cancelled, with the {@link CancelledError} as its reason: for `fetch` and
   * other code that knows signals. Made when it is first asked for; a new one after {@link uncancel} reached 0.
   *
   * The cancellation itself is still delivered at the next `await` of ours; inside one wait, `interruptible` delivers
   * it exactly once.
   */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this._state === CANCELLED || this.#cancelRequests > 0) {
        this.#controller.abort(new CancelledError(this.#cancelMessage));
      }
    }
    return this.#controller.signal;
  }

  /** A task's result is what its function returns. @throws RuntimeError always. */
  override setResult(_result: T): never {
    throw new RuntimeError("Task does not support set_result operation");
  }

  /** A task's exception is what its function throws. @throws RuntimeError always. */
  override setException(_exception: unknown): never {
    throw new RuntimeError("Task does not support set_exception operation");
  }

  override toString(): string {
    const coro = this.#coroName === "" ? "" : ` coro=<${this.#coroName}()>`;
    const cancelling = this._state === PENDING && this.#cancelRequests > 0 ? "cancelling" : null;
    const state = this._describeState().split(" ");
    const head = [cancelling ?? state[0], `name='${this.getName()}'${coro}`, ...state.slice(1)];
    return `<Task ${head.join(" ")}>`;
  }

  /** @internal */
  get _task(): Task<unknown> {
    return this as Task<unknown>;
  }

  /** @internal A start calls the user's function. */
  get _resumes(): boolean {
    return false;
  }

  /** @internal The first step. */
  _run(): void {
    if (this._state !== PENDING) return;
    const captured = this.#captured;
    this.#captured = null;
    if (this._mustCancel) {
      this._fn = null;
      this._finish(EXCEPTION, this._takeCancellation());
      return;
    }
    this._loop._holder = this as Task<unknown>;
    runCaptured(captured, start, this as Task<unknown>);
  }

  /** @internal The task's code waits here. If it had the baton, the loop goes on with the next handle. */
  _park(wait: Wait): void {
    if (this._wait === null) this._wait = wait;
    else (this._branches ??= new Set()).add(wait);
    const { future } = wait;
    if (future === null) this._loop._push(wait);
    else {
      future._add(wait);
      if (this._mustCancel && future.cancel(this.#cancelMessage)) this._mustCancel = false;
    }
    const loop = this._loop;
    if (loop._holder === this) loop._passBaton();
    else if (this._foreign) this.#endForeign();
  }

  /** @internal A wait is over. */
  _endWait(wait: Wait): void {
    if (this._wait === wait) this._wait = null;
    else if (this._branches !== null) {
      this._branches.delete(wait);
      if (this._branches.size === 0) this._branches = null;
    }
  }

  /** @internal The error of the cancellation that is due. */
  _takeCancellation(): CancelledError {
    return new CancelledError(this.#cancelMessage);
  }

  /** @internal The function is over. */
  _finish(state: typeof RESULT | typeof EXCEPTION, value: unknown): void {
    if (this._state !== PENDING) return;
    const loop = this._loop;
    loop._removeTask(this as Task<unknown>);
    if (state === EXCEPTION && value instanceof CancelledError) this._settle(CANCELLED, value);
    else if (state === EXCEPTION) this._fail(value);
    else if (this._mustCancel) {
      this._mustCancel = false;
      this._settle(CANCELLED, this.#cancelMessage);
    } else this._settle(RESULT, value);
    if (this._foreign) this.#endForeign();
    if (value instanceof KeyboardInterrupt) loop._abort(value);
    if (loop._holder === this) loop._takeBaton();
  }

  #endForeign(): void {
    this._foreign = false;
    this._loop._endForeign();
  }

  #cancelWaits(msg: string | undefined): boolean {
    let delivered = this._wait?.future?.cancel(msg) ?? false;
    if (this._branches !== null) {
      for (const branch of [...this._branches]) {
        if (branch.future?.cancel(msg) === true) delivered = true;
      }
    }
    return delivered;
  }

  #abortSignal(msg: string | undefined): void {
    if (this.#controller !== null) this.#controller.abort(new CancelledError(msg));
  }
}

/** Runs the function's first part, in the context that was captured when the task was made. */
function start(task: Task<unknown>): void {
  enterScope(task);
  const fn = task._fn as Coro<unknown>;
  task._fn = null;
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (thrown) {
    task._finish(EXCEPTION, thrown);
    return;
  }
  if (promise instanceof Promise) follow(task, promise);
  else if (isThenable(promise)) follow(task, new Promise((resolve) => resolve(promise)));
  else {
    const got = promise === undefined ? "undefined: did you forget `return` or `async`?" : String(promise);
    task._finish(
      EXCEPTION,
      new TypeError(`a coroutine was expected: a function that returns a promise; it returned ${got}`),
    );
  }
}

function follow(task: Task<unknown>, promise: Promise<unknown>): void {
  if (hasAsyncContext) promise.then(onReturn, onThrow);
  else {
    promise.then(
      (value) => task._finish(RESULT, value),
      (thrown: unknown) => task._finish(EXCEPTION, thrown),
    );
  }
}

// These two find their task in the async context, so that a task costs no closures.
function onReturn(value: unknown): void {
  currentScope()?._task?._finish(RESULT, value);
}

function onThrow(thrown: unknown): void {
  currentScope()?._task?._finish(EXCEPTION, thrown);
}
