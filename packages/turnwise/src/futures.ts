/** `Future`: a result that is not there yet, and the waits on it. */
import type { Context } from "./contextvars.ts";
import type { EventLoop } from "./events.ts";
import { CancelledError, InvalidStateError, RuntimeError } from "./exceptions.ts";
import { type CallbackOptions, Handle } from "./handles.ts";
import type { Runnable } from "./ready.ts";
import { currentScope, noteHolder } from "./running.ts";
import type { Task } from "./tasks.ts";
import { Thenable } from "./thenable.ts";

/** @internal */
export const PENDING = 0;
/** @internal */
export const CANCELLED = 1;
/** @internal */
export const RESULT = 2;
/** @internal */
export const EXCEPTION = 3;

/** What runs, through the loop, when a future is done. */
export interface DoneEntry extends Runnable {
  /** Whether it is the done callback that the user knows as `callback`. */
  _calls(callback: unknown): boolean;
}

/**
 * A result that is not there yet: `asyncio.Future`. Make one with `loop.createFuture()`.
 *
 * `await` it for the result; whoever has it sets the result with {@link setResult} or {@link setException}. Cancelling
 * a task that waits for a future cancels the future.
 *
 * Results that are thenables (a future of a task) are flattened by `await`, as everywhere in JavaScript.
 */
export class Future<T> extends Thenable<T> {
  /** @internal */
  readonly _loop: EventLoop;
  /** @internal */
  _state: typeof PENDING | typeof CANCELLED | typeof RESULT | typeof EXCEPTION = PENDING;
  /** @internal The result; or what was thrown; or, once cancelled, the message or the error to throw next. */
  _value: unknown = undefined;
  /** @internal */
  _entries: DoneEntry | DoneEntry[] | null = null;
  /** @internal Whether somebody has seen the exception. */
  _seen = false;

  /** @internal Use `loop.createFuture()`. */
  constructor(loop: EventLoop) {
    super();
    this._loop = loop;
  }

  /** Whether it has a result or an exception, or was cancelled. */
  done(): boolean {
    return this._state !== PENDING;
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this._state === CANCELLED;
  }

  /**
   * The result.
   * @throws what was set as the exception; CancelledError if it was cancelled; InvalidStateError if it is not done.
   */
  result(): T {
    if (this._state === RESULT) return this._value as T;
    if (this._state === PENDING) throw new InvalidStateError("Result is not set.");
    throw this._thrown();
  }

  /**
   * The exception that was set, or `null` if there is a result.
   * @throws CancelledError if it was cancelled; InvalidStateError if it is not done.
   */
  exception(): unknown {
    if (this._state === PENDING) throw new InvalidStateError("Exception is not set.");
    if (this._state === CANCELLED) throw this._thrown();
    this._seen = true;
    return this._state === EXCEPTION ? this._value : null;
  }

  /** Sets the result. @throws InvalidStateError if it is done already. */
  setResult(result: T): void {
    if (this._state !== PENDING) throw new InvalidStateError(`invalid state: ${String(this)}`);
    this._settle(RESULT, result);
  }

  /** Sets the exception that `await` will throw. @throws InvalidStateError if it is done already. */
  setException(exception: unknown): void {
    if (this._state !== PENDING) throw new InvalidStateError(`invalid state: ${String(this)}`);
    const error =
      typeof exception === "function" && exception.prototype instanceof Error
        ? new (exception as new () => Error)()
        : exception;
    this._fail(error);
  }

  /**
   * Cancels it: whoever waits gets a {@link CancelledError} with `msg`.
   * @returns false if it was done already.
   */
  cancel(msg?: string): boolean {
    if (this._state !== PENDING) return false;
    this._settle(CANCELLED, msg);
    return true;
  }

  /**
   * Calls `callback(future)` when this is done: through the loop, never at once, even if it is done already.
   * An error that it throws goes to the loop's exception handler.
   */
  addDoneCallback(callback: (future: this) => unknown, options: CallbackOptions = {}): void {
    this._add(new Handle(this._loop, callback, [this], options.context as Context | undefined));
  }

  /** Removes a callback, as often as it was added. @returns how many were removed. */
  removeDoneCallback(callback: (future: this) => unknown): number {
    const entries = this._entries;
    if (entries === null) return 0;
    const all = Array.isArray(entries) ? entries : [entries];
    const kept = all.filter((entry) => !entry._calls(callback));
    this._entries = kept.length > 0 ? kept : null;
    return all.length - kept.length;
  }

  /** The loop that it belongs to. */
  getLoop(): EventLoop {
    return this._loop;
  }

  override toString(): string {
    return `<${this.constructor.name} ${this._describeState()}>`;
  }

  override then<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (typeof onfulfilled !== "function" || typeof onrejected !== "function") {
      // Not what `await` calls. A promise that adopts this future will call `then` again, and waits properly.
      return new Promise<T>((resolve) => resolve(this)).then(onfulfilled, onrejected);
    }
    if (this._state === PENDING) return this._await(onfulfilled, onrejected) as unknown as Promise<A | B>;
    // Done: the caller goes on at once, and keeps the baton.
    return (
      this._state === RESULT ? Promise.resolve(this._value as T) : Promise.reject<T>(this._thrown())
    ).then(onfulfilled, onrejected);
  }

  /** @internal Registers the wait of the task whose code calls this, or of nobody's. */
  _await(resolve: (value: T) => unknown, reject: (reason: unknown) => unknown): Wait {
    const task = currentScope()?._task ?? null;
    if (task === null || task._state !== PENDING) {
      const wait = new Wait(null, this, undefined, resolve as (value: unknown) => unknown, reject);
      this._add(wait);
      return wait;
    }
    const wait = new Wait(task, this, undefined, resolve as (value: unknown) => unknown, reject);
    if ((this as Future<unknown>) === task || task._loop !== this._loop) {
      wait.future = misuse(task, this);
    }
    task._park(wait);
    return wait;
  }

  /** @internal Adds what runs when this is done; if it is done already, it runs in the loop's next iteration. */
  _add(entry: DoneEntry): void {
    if (this._state !== PENDING) this._loop._push(entry);
    else if (this._entries === null) this._entries = entry;
    else if (Array.isArray(this._entries)) this._entries.push(entry);
    else this._entries = [this._entries, entry];
  }

  /** @internal */
  _settle(state: typeof CANCELLED | typeof RESULT | typeof EXCEPTION, value: unknown): void {
    this._state = state;
    this._value = value;
    const entries = this._entries;
    if (entries === null) return;
    this._entries = null;
    if (Array.isArray(entries)) for (const entry of entries) this._loop._push(entry);
    else this._loop._push(entries);
  }

  /** @internal */
  _fail(thrown: unknown): void {
    this._settle(EXCEPTION, thrown);
    this._loop._failures.add(this);
  }

  /** @internal What `await` throws: call it only when this was cancelled or has an exception. */
  _thrown(): unknown {
    this._seen = true;
    return this._state === CANCELLED ? this._cancelledError() : this._value;
  }

  /**
   * @internal The error of a cancelled future. A task that ended by a CancelledError gives that very object to the
   * first who asks, so that it goes up the chain of waiting tasks as one.
   */
  _cancelledError(): CancelledError {
    const value = this._value;
    if (!(value instanceof CancelledError)) return new CancelledError(value as string | undefined);
    this._value = this._cancelMessage();
    return value;
  }

  /** @internal The message of the cancellation. */
  _cancelMessage(): string | undefined {
    const value = this._value;
    return value instanceof CancelledError ? value.message || undefined : (value as string | undefined);
  }

  /** @internal */
  _describeState(): string {
    if (this._state === PENDING) return "pending";
    if (this._state === CANCELLED) return "cancelled";
    if (this._state === RESULT) return `finished result=${show(this._value)}`;
    return `finished exception=${show(this._value)}`;
  }
}

/** One wait: the resolve and reject of an `await` on a future or, with no future, on the next turn (`sleep(0)`). */
export class Wait extends Thenable<unknown> implements DoneEntry {
  /** The task that waits; null if the code that waits belongs to none. */
  task: Task<unknown> | null;
  future: Future<unknown> | null;
  /** The result of a wait with no future. */
  readonly #value: unknown;
  readonly #resolve: (value: unknown) => unknown;
  readonly #reject: (reason: unknown) => unknown;
  #outcome: Promise<unknown> | ((outcome: Promise<unknown>) => void) | null = null;

  constructor(
    task: Task<unknown> | null,
    future: Future<unknown> | null,
    value: unknown,
    resolve: (value: unknown) => unknown,
    reject: (reason: unknown) => unknown,
  ) {
    super();
    this.task = task;
    this.future = future;
    this.#value = value;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get _resumes(): boolean {
    return true;
  }

  _calls(): boolean {
    return false;
  }

  /** The awaited thing is there: the task gets the baton and goes on. */
  _run(): void {
    const { future, task } = this;
    let failed = false;
    let value: unknown = this.#value;
    if (future !== null) {
      failed = future._state !== RESULT;
      value = failed ? future._thrown() : future._value;
    }
    if (task !== null && task._state === PENDING) {
      task._endWait(this);
      if (task._mustCancel) {
        if (!failed || !(value instanceof CancelledError)) value = task._takeCancellation();
        failed = true;
        task._mustCancel = false;
      }
      task._loop._holder = task;
      noteHolder(task);
    }
    // Natively these only queue the continuation. If somebody called `then` by hand, they are functions of theirs.
    try {
      const returned = failed ? this.#reject(value) : this.#resolve(value);
      this.#report(returned === undefined ? NOTHING : Promise.resolve(returned));
    } catch (thrown) {
      this.#report(Promise.reject(thrown));
    }
  }

  #report(outcome: Promise<unknown>): void {
    const tell = this.#outcome;
    this.#outcome = outcome;
    if (typeof tell === "function") tell(outcome);
  }

  /** For who called `then(f, g)` by hand: what `f` or `g` returned. `await` never asks. */
  override then<A = unknown, B = never>(
    onfulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const before = this.#outcome;
    if (!(before instanceof Promise)) {
      const outcome = new Promise<unknown>((resolve) => {
        this.#outcome = (settled) => {
          before?.(settled);
          resolve(settled);
        };
      });
      return outcome.then(onfulfilled, onrejected);
    }
    return before.then(onfulfilled, onrejected);
  }
}

/** What native resolve functions return. */
const NOTHING: Promise<undefined> = Promise.resolve(undefined);

/** A callback of Turnwise's own on a future: it needs no context, and `removeDoneCallback` does not find it. */
export class InternalCallback<F extends Future<unknown>> implements DoneEntry {
  readonly #callback: (future: F) => void;
  readonly #future: F;
  constructor(future: F, callback: (future: F) => void) {
    this.#future = future;
    this.#callback = callback;
  }
  get _resumes(): boolean {
    return false;
  }
  _calls(callback: unknown): boolean {
    return this.#callback === callback;
  }
  _run(): void {
    this.#callback(this.#future);
  }
}

/** Calls a function of Turnwise's own when `future` is done, through the loop. */
export function whenDone<F extends Future<unknown>>(future: F, callback: (future: F) => void): void {
  future._add(new InternalCallback(future, callback));
}

/** Whether `value` is a future or a task: `asyncio.isfuture`. */
export function isFuture(value: unknown): value is Future<unknown> {
  return value instanceof Future;
}

/** A future that failed already, to throw a misuse into the task that awaits. */
function misuse(task: Task<unknown>, future: Future<unknown>): Future<unknown> {
  const failed = new Future<unknown>(task._loop);
  failed._state = EXCEPTION;
  failed._seen = true;
  failed._value = new RuntimeError(
    future === task
      ? `Task cannot await on itself: ${String(task)}`
      : `Task ${String(task)} got Future ${String(future)} attached to a different loop`,
  );
  return failed;
}

function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Error) return `${value.name}(${JSON.stringify(value.message)})`;
  if (typeof value === "object" && value !== null) return `[${value.constructor?.name ?? "object"}]`;
  return String(value);
}
