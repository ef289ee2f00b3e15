/** `Task`: an async function that runs on the loop, one step at a time. */
import { type Captured, capture, noteHolder, runCaptured } from "#async-context";
import { cancelsLater, cancelWait, FirstPart, firstStepOf, isUndecided } from "#first-steps";
import { Context, contextOf, currentVars, type Vars } from "./contextvars.ts";
import { asCoro, type AwaitableLike, type Coro } from "./coroutines.ts";
import { createdAt, shortSite, suspensionOf } from "./debug.ts";
import type { EventLoop } from "./events.ts";
import { asCancellation, CancelledError, KeyboardInterrupt, RuntimeError } from "./exceptions.ts";
import { CANCELLED, type DoneEntry, Future, type Observer, PENDING, RESULT, UNSEEN_EXCEPTION } from "./futures.ts";
import type { Runnable } from "./ready.ts";
import { getRunningLoop, type Scope } from "./running.ts";
import { cancelOnAbort } from "./signals.ts";
import { begin } from "./task-body.ts";
import { TaskExtra } from "./task-extra.ts";
import type { Reject, Resolve } from "./thenable.ts";
import { answer, type Failure, Wait } from "./waits.ts";

/** How a task is made. */
export interface TaskOptions {
  /** A name for messages and tools; by default `Task-1`, `Task-2`, ... */
  readonly name?: string | undefined;
  /** The context to run in; by default a copy of the current one. */
  readonly context?: Context | undefined;
  /** When it aborts, the task is cancelled. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Call the function at once, and not in the loop's next iteration (asyncio's `eager_start`). Its code runs up to its
   * first `await` before `createTask` returns. If that is done already, the rest of its first step follows when the code
   * that created it waits; and only then `done()` tells that a task has ended in its first step.
   */
  readonly eagerStart?: boolean | undefined;
}

/** @internal One for all: an object for each task would be felt. */
export const NO_OPTIONS: TaskOptions = {};

/** Numbers for tasks without a name: `Task-1`, `Task-2`, ... */
let lastNumber = 0;
/** Numbers for the others, from -1 down, so that every task has one of its own. */
let lastNamed = 0;

/**
 * An async function that runs on the loop: `asyncio.Task`. Make one with {@link createTask} or in a task group.
 *
 * It starts in the loop's next iteration, and runs until it awaits something of Turnwise's that is not done. `await`
 * it for its result. The loop holds it until it is done: it can't vanish.
 */
export class Task<T> extends Future<T> implements Scope, Runnable, DoneEntry {
  /** @internal The function; once it was called, its name. */
  _fn: Coro<T> | string;
  /** @internal What it waits for: asyncio's `_fut_waiter`. Null also while it waits for its next turn. */
  _awaited: Future<unknown> | null = null;
  /**
   * @internal How the wait ends; null while it does not wait. Before the start: the captured async context. The `reject`
   * beside it is not kept, which spares the closure (see `answer`); but while it waits for its next turn, in `_value`.
   */
  _resolve: Resolve | Captured;
  /** @internal */
  _extra: TaskExtra | null = null;
  /** @internal The loop's list of live tasks. */
  _previous: Task<unknown> | null = null;
  /** @internal */
  _next: Task<unknown> | null = null;
  /** @internal Its number, unlike any other task's; below 0 if a name was given. */
  readonly _id: number;
  /** @internal When it last began to wait, or was made: the loop's `_clock` at that time. */
  _since: number;

  /**
   * Usually made by {@link createTask}.
   * @throws TypeError if `coro` is neither a function nor a promise; RuntimeError if no loop is given, and none runs.
   */
  constructor(coro: AwaitableLike<T>, options: TaskOptions = NO_OPTIONS, loop: EventLoop = getRunningLoop()) {
    super(loop);
    this._fn = asCoro(coro, loop);
    const variables = options.context ?? currentVars();
    if (variables !== null) this._context = variables;
    this._resolve = capture();
    this._since = loop._clock;
    if (options.name === undefined) this._id = ++lastNumber;
    else {
      this._id = --lastNamed;
      this.setName(options.name);
    }
    loop._tasks.add(this as Task<unknown>);
    if (options.signal !== undefined) cancelOnAbort(this, options.signal);
    if (options.eagerStart === true && loop.isRunning() && this._extra?.mustCancel !== true)
      startNow(this as Task<unknown>);
    else loop._push(this);
  }

  /** Its name: asyncio's `get_name`. */
  getName(): string {
    return this._extra?.name ?? `Task-${this._id}`;
  }

  /** Gives it another name: asyncio's `set_name`. */
  setName(name: string): void {
    (this._extra ??= new TaskExtra()).name = String(name);
  }

  /** The name of the function that it runs; empty if it has none. */
  getCoroName(): string {
    return typeof this._fn === "string" ? this._fn : this._fn.name;
  }

  /** The context that it runs in: asyncio's `get_context`. */
  getContext(): Context {
    const context = this._context;
    if (context instanceof Context) return context;
    const own = contextOf(context);
    this._context = own;
    return own;
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
    // A chain of tasks that wait for each other is walked here and not by recursion: it may be long, or a circle.
    let task: Task<unknown> = this as Task<unknown>;
    const walked = new Set<Task<unknown>>();
    for (;;) {
      if (cancelsLater(task, msg)) return true;
      walked.add(task);
      const extra = (task._extra ??= new TaskExtra());
      extra.cancelRequests++;
      extra.controller?.abort(new CancelledError(msg));
      const next: Future<unknown> | null = task._awaited;
      const ownCodeRuns = task._loop._holder === task || extra.strayed;
      if (
        next instanceof Task &&
        next._state === PENDING &&
        !next._isGuest &&
        extra.branches === null &&
        !ownCodeRuns &&
        !isUndecided(next)
      ) {
        if (!walked.has(next)) {
          task = next;
          continue;
        }
        // A circle: nobody in it could ever be first. This one is woken, and leaves it.
        next._leave(task);
        extra.mustCancel = true;
        extra.cancelMessage = msg;
        task._loop._push(task);
        return true;
      }
      const waits = task._awaits();
      // While its own code runs, its waits are branches, or left over from a race: the code itself must hear of it too.
      let missed = ownCodeRuns || waits.length === 0;
      // So it must if one of several waits is over already: what the others throw may be lost in a race with that one.
      for (const future of waits) missed = !cancelWait(task, future, msg) || missed;
      if (missed) {
        extra.mustCancel = true;
        extra.cancelMessage = msg;
      }
      return true;
    }
  }

  /** How often cancellation was asked for, less the calls of {@link uncancel}: asyncio's `cancelling`. */
  cancelling(): number {
    return this._extra?.cancelRequests ?? 0;
  }

  /**
   * Takes back one request to cancel, for code that caught the error and goes on: asyncio's `uncancel`. At 0 a
   * cancellation that was not delivered yet is forgotten.
   * @returns how many requests are left.
   */
  uncancel(): number {
    const extra = this._extra;
    if (extra === null || extra.cancelRequests === 0) return 0;
    if (--extra.cancelRequests === 0) {
      extra.mustCancel = false;
      if (extra.controller?.signal.aborted === true) extra.controller = null;
    }
    return extra.cancelRequests;
  }

  /**
   * A signal that aborts when the task is cancelled, with a {@link CancelledError} as its reason: for `fetch` and
   * other code that knows signals. Made when it is first asked for; a new one after {@link uncancel} reached 0.
   *
   * The cancellation itself is still delivered at the next `await` of ours. `interruptible` delivers it exactly once.
   */
  get signal(): AbortSignal {
    const extra = (this._extra ??= new TaskExtra());
    if (extra.controller === null) {
      extra.controller = new AbortController();
      if (this._state === CANCELLED || extra.cancelRequests > 0) {
        extra.controller.abort(new CancelledError(extra.cancelMessage));
      }
    }
    return extra.controller.signal;
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
    const state = this._state === PENDING && this.cancelling() > 0 ? "cancelling" : this._describeState();
    const [head, ...rest] = state.split(" ");
    const line = this._state === PENDING ? shortSite(suspensionOf(this) ?? "") : "";
    const running = line === "" ? "" : ` running at ${line}`;
    const coro = this.getCoroName() === "" && line === "" ? [] : [`coro=<${this.getCoroName()}()${running}>`];
    return `<Task ${[head, `name='${this.getName()}'`, ...coro, ...rest].join(" ")}${createdAt(this)}>`;
  }

  /** @internal The context variables, or the context that holds them. */
  get _context(): Vars | Context {
    return this._extra === null ? null : this._extra.context;
  }

  /** @internal */
  set _context(context: Vars | Context) {
    (this._extra ??= new TaskExtra()).context = context;
  }

  /** @internal */
  override _cancelMessage(): string | undefined {
    return this._state === CANCELLED ? super._cancelMessage() : this._extra?.cancelMessage;
  }

  /** @internal */
  get _task(): Task<unknown> {
    return this as Task<unknown>;
  }

  /** @internal Its code is not JavaScript's: only it knows what it waits for. */
  get _isGuest(): boolean {
    return false;
  }

  /** @internal A start calls the user's function; any other step only lets it go on. */
  get _resumes(): boolean {
    return this._state === PENDING && typeof this._fn === "string";
  }

  /** @internal What it waited for is done. */
  _settled(): void {
    this._loop._push(this);
  }

  /** @internal */
  _calls(): boolean {
    return false;
  }

  /** @internal Once done, a task tells its one observer itself; `_entries` is free to remember it. */
  override _tellLater(observer: Observer): boolean {
    if (this._entries !== null || this._resolve !== null) return false;
    this._entries = observer;
    this._loop._push(this);
    return true;
  }

  /** @internal The next step. */
  _run(): void {
    if (typeof this._fn !== "string") {
      if (this._state === PENDING) start(this as Task<unknown>, this._fn);
      return;
    }
    if (this._state !== PENDING && this._entries !== null) {
      const observer = this._entries as Observer;
      this._entries = null;
      observer._callback(this as Task<unknown>);
      return;
    }
    const { _awaited: future, _resolve: resolve } = this;
    this._awaited = null;
    this._resolve = null;
    const failure = future?._state === RESULT ? null : future;
    const value = future?._value; // Of what failed nobody takes it.
    let reject: Reject | null = null;
    if (future === null && this._state === PENDING) {
      reject = (this._value ?? null) as Reject | null; // None in a task that was made to leave a future.
      this._value = undefined;
    }
    if (this._state === PENDING) resume(this as Task<unknown>, resolve as Resolve, reject, failure, value);
    else answer(resolve as Resolve, reject, failure, value); // A branch that was left behind runs on alone.
  }

  /** @internal A branch of the task goes on. */
  _resumeBranch(branch: Wait, failure: Failure | null, value: unknown): void {
    const extra = this._extra;
    if (extra?.branches?.delete(branch) === true && extra.branches.size === 0) extra.branches = null;
    resume(this as Task<unknown>, branch.resolve, branch.reject, failure, value);
  }

  /**
   * @internal The task's code waits here, for `future` or (null) for its next turn. If it had the baton, the loop goes
   * on with the next handle.
   */
  _park(future: Future<unknown> | null, resolve: Resolve, reject: Reject): void {
    const loop = this._loop;
    const first = firstStepOf(this as Task<unknown>);
    this._since = loop._clock;
    if (this._resolve === null) {
      this._awaited = future;
      this._resolve = resolve;
      if (future !== null) future._add(this);
      else {
        this._value = reject;
        if (first === null || !first.takeTurn(this as Task<unknown>)) loop._push(this);
      }
    } else {
      const branch = new Wait(this as Task<unknown>, future, resolve, reject);
      const extra = (this._extra ??= new TaskExtra());
      (extra.branches ??= new Set()).add(branch);
      if (future === null) loop._push(branch);
      else future._add(branch);
    }
    const extra = this._extra;
    if (extra !== null) confirm(this as Task<unknown>, extra);
    if (extra !== null && extra.mustCancel && cancelWait(this as Task<unknown>, future, extra.cancelMessage))
      extra.mustCancel = false;
    first?.endsWaiting(this as Task<unknown>, future);
    if (loop._holder === this) loop._passBaton();
    else if (extra !== null && extra.foreign) endForeign(this as Task<unknown>, extra);
  }

  /** @internal A task that waited for this one waits no more. */
  _leave(waiter: Task<unknown>): void {
    this._remove(waiter);
    waiter._awaited = null;
  }

  /** @internal Whether it waits for anything of ours. */
  _isParked(): boolean {
    return this._resolve !== null || (this._extra !== null && this._extra.branches !== null);
  }

  /** @internal All that it waits for; null stands for its next turn. */
  _awaits(): (Future<unknown> | null)[] {
    const own = this._resolve === null || typeof this._fn !== "string" ? [] : [this._awaited];
    return [...own, ...Array.from(this._extra?.branches ?? [], (branch) => branch.future)];
  }

  /** @internal The function is over. */
  _finish(state: typeof RESULT | typeof UNSEEN_EXCEPTION, value: unknown): void {
    if (this._state !== PENDING) return;
    const loop = this._loop;
    loop._tasks.delete(this as Task<unknown>);
    if (state === UNSEEN_EXCEPTION) {
      const cancellation = asCancellation(value);
      if (cancellation === null) this._fail(value);
      else this._settle(CANCELLED, cancellation);
    } else if (this._extra?.mustCancel === true) this._settle(CANCELLED, this._extra.cancelMessage);
    else this._settle(RESULT, value);
    if (this._extra?.foreign === true) endForeign(this as Task<unknown>, this._extra);
    if (value instanceof KeyboardInterrupt) loop._abort(value);
    if (loop._holder === this) loop._takeBaton();
  }

  /** @internal Its step ended without a wait of ours: unless another branch of it waits, it awaits something else. */
  _strayed(): void {
    const extra = (this._extra ??= new TaskExtra());
    extra.unconfirmed = false;
    firstStepOf(this as Task<unknown>)?.endsWaiting(this as Task<unknown>, null);
    if (this._isParked()) extra.strayed = true;
    else if (!extra.foreign) {
      extra.foreign = true;
      this._since = this._loop._clock;
      this._loop._beginForeign();
    }
  }
}

// Functions, and no private methods: each object of a class that has any is marked with a field more.

function start(task: Task<unknown>, fn: Coro<unknown>): void {
  const captured = task._resolve as Captured;
  task._resolve = null;
  if (task._extra?.mustCancel === true) {
    task._fn = fn.name;
    task._finish(UNSEEN_EXCEPTION, new CancelledError(task._extra.cancelMessage));
    return;
  }
  task._loop._holder = task;
  runCaptured(captured, task as Scope, begin, task);
  noteHolder(task._loop._holder ?? undefined);
}

/** The function's first part, inside the step of who makes the task: that one keeps the baton until it waits. */
function startNow(task: Task<unknown>): void {
  const fn = task._fn as Coro<unknown>;
  const captured = task._resolve as Captured;
  task._resolve = null;
  const run = (first: Task<unknown>): void => runCaptured(captured, first, begin, first);
  const awaited = FirstPart.of(run, task);
  task._fn = fn.name;
  if (task._state !== PENDING || awaited?.park(task) === true) return;
  task._loop._eager.add(task);
}

/** The task gets the baton, and goes on: the continuation runs as a microtask after this. */
function resume(
  task: Task<unknown>,
  resolve: Resolve,
  reject: Reject | null,
  failure: Failure | null,
  value: unknown,
): void {
  task._loop._holder = task;
  noteHolder(task);
  const extra = task._extra;
  if (extra === null || !extra.mustCancel) {
    answer(resolve, reject, failure, value);
    return;
  }
  if (extra.strayed) extra.unconfirmed = true;
  else extra.mustCancel = false;
  answer(resolve, reject, cancellation(failure?._thrown(), extra.cancelMessage), value);
}

/** @param thrown - what it would hear of instead: if that is a cancellation, it is this one. */
function cancellation(thrown: unknown, message: string | undefined): Failure {
  return { _thrown: () => (thrown instanceof CancelledError ? thrown : new CancelledError(message)) };
}

/** The task's own code goes on and waits: what was thrown into its last wait has been heard. */
function confirm(task: Task<unknown>, extra: TaskExtra): void {
  if (task._loop._holder === task && extra.unconfirmed) {
    extra.mustCancel = false;
    extra.unconfirmed = false;
  }
  extra.strayed = false;
}

function endForeign(task: Task<unknown>, extra: TaskExtra): void {
  extra.foreign = false;
  task._loop._endForeign();
}
