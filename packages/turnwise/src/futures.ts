/** `Future`: a result that is not there yet. */
import { currentScope } from "#async-context";
import { isUndecided, Undecided } from "#first-steps";
import type { Context } from "./contextvars.ts";
import { createdAt, noteOrigin, noteSuspension } from "./debug.ts";
import { describe } from "./describe.ts";
import type { EventLoop } from "./events.ts";
import { CancelledError, InvalidStateError, RuntimeError } from "./exceptions.ts";
import { type CallbackOptions, Handle } from "./handles.ts";
import type { Runnable } from "./ready.ts";
import { getRunningLoop } from "./running.ts";
import type { Task } from "./tasks.ts";
import { type Reject, type Resolve, Thenable } from "./thenable.ts";
import { Wait } from "./waits.ts";

/** @internal The states of a future. What fails is unseen until somebody asks for the exception. */
export const PENDING = 0;
/** @internal */
export const CANCELLED = 1;
/** @internal */
export const RESULT = 2;
/** @internal */
export const UNSEEN_EXCEPTION = 3;
/** @internal */
export const SEEN_EXCEPTION = 4;
/** @internal */
export type State = 0 | 1 | 2 | 3 | 4;

/** What is told that a future is done. */
export interface DoneEntry {
  /** @internal The future is done: leave what is to run with the loop. */
  _settled(future: Future<unknown>): void;
  /** @internal Whether it is the done callback that is known as `callback`. */
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
  _state: State = PENDING;
  /** @internal The result; or what was thrown; or, once cancelled, the message or the error to throw next. */
  _value: unknown = undefined;
  /** @internal */
  _entries: DoneEntry | DoneEntry[] | Set<DoneEntry> | null = null;

  /** @param loop - the loop that it belongs to; by default the running one. @throws RuntimeError if none runs. */
  constructor(loop: EventLoop = getRunningLoop()) {
    super();
    this._loop = loop;
    if (loop.getDebug()) noteOrigin(this, new.target);
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
    if (this._state === RESULT) return null;
    if (this._state === PENDING) throw new InvalidStateError("Exception is not set.");
    if (this._state === CANCELLED) throw this._thrown();
    return this._thrown();
  }

  /** Sets the result. @throws InvalidStateError if it is done already. */
  setResult(result: T): void {
    if (this._state !== PENDING) throw new InvalidStateError("invalid state");
    this._settle(RESULT, result);
  }

  /** Sets the exception that `await` will throw. @throws InvalidStateError if it is done already. */
  setException(exception: unknown): void {
    if (this._state !== PENDING) throw new InvalidStateError("invalid state");
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
  addDoneCallback(callback: (future: this) => unknown, options?: CallbackOptions): void {
    this._add(new Handle(this._loop, callback, [this], options?.context as Context | undefined));
  }

  /** Removes a callback, as often as it was added. @returns how many were removed. */
  removeDoneCallback(callback: (future: this) => unknown): number {
    return this._removeCallback(callback);
  }

  /** The loop that it belongs to. */
  getLoop(): EventLoop {
    return this._loop;
  }

  override toString(): string {
    return `<${this.constructor.name} ${this._describeState()}${createdAt(this)}>`;
  }

  /** @internal Registers the wait of the task whose code calls this, or of nobody's. */
  override _await(resolve: Resolve, reject: Reject): void {
    if (this._state !== PENDING) {
      // Done: the caller goes on at once, and keeps the baton.
      if (this._state === RESULT) resolve(this._value);
      else reject(this._thrown());
      return;
    }
    const task = currentScope()?._task;
    if (task?._state !== PENDING) {
      this._add(new Wait(null, this as Future<unknown>, resolve, reject));
      return;
    }
    if (this._loop.getDebug()) noteSuspension(task);
    const legal = (this as Future<unknown>) !== task && task._loop === this._loop;
    task._park(legal ? (this as Future<unknown>) : misuse(task, this as Future<unknown>), resolve, reject);
  }

  /** @internal Of what is done, or may be, nothing waits that could be seen before `then` is called. */
  override _parksOn(task: Task<unknown>): Future<unknown> | undefined {
    const isWait =
      this._state === PENDING && (this as Future<unknown>) !== task && task._loop === this._loop && !isUndecided(this);
    return isWait ? (this as Future<unknown>) : undefined;
  }

  /** @internal Adds what is told when this is done; at once, if it is done already. */
  _add(entry: DoneEntry): void {
    if (this._state !== PENDING) entry._settled(this as Future<unknown>);
    else if (this._entries === null) this._entries = entry;
    else if (Array.isArray(this._entries)) {
      if (this._entries.push(entry) > MANY) this._entries = new Set(this._entries);
    } else if (this._entries instanceof Undecided) this._entries.add(entry);
    else if (!(this._entries instanceof Set)) this._entries = [this._entries, entry];
    else this._entries.add(this._entries.has(entry) ? new Again(entry) : entry);
  }

  /** @internal Takes back {@link _add}. However many there are, it costs the same. */
  _remove(entry: DoneEntry): void {
    const entries = this._entries;
    if (this._state !== PENDING) return;
    if (entries instanceof Set) entries.delete(entry);
    else if (Array.isArray(entries)) this._entries = entries.filter((other) => other !== entry);
    else if (entries === entry) this._entries = null;
    else if (entries instanceof Undecided) entries.remove(entry);
  }

  /** @internal What is told when this is done. */
  _allEntries(): DoneEntry[] {
    const entries = this._entries;
    if (entries === null) return [];
    if (entries instanceof Undecided) return entries.entries();
    return entries instanceof Set ? [...entries] : [entries].flat();
  }

  /** @internal */
  _removeCallback(callback: unknown): number {
    const entries = this._entries;
    if (entries === null || this._state !== PENDING) return 0;
    if (entries instanceof Undecided) return entries.removeCallback(callback);
    const all = this._allEntries();
    const kept = all.filter((entry) => !entry._calls(callback));
    this._entries = kept.length > MANY ? new Set(kept) : kept.length > 0 ? kept : null;
    return all.length - kept.length;
  }

  /** @internal */
  _settle(state: State, value: unknown): void {
    this._state = state;
    this._value = value;
    const entries = this._entries;
    if (entries === null) return;
    this._entries = null;
    if (Array.isArray(entries) || entries instanceof Set) {
      for (const entry of entries) entry._settled(this as Future<unknown>);
    } else entries._settled(this as Future<unknown>);
  }

  /** @internal Queues itself to tell the observer, if it can: that saves an object. */
  _tellLater(_observer: Observer): boolean {
    return false;
  }

  /** @internal */
  _fail(thrown: unknown): void {
    this._settle(UNSEEN_EXCEPTION, thrown);
    this._loop._failures.add(this as Future<unknown>);
  }

  /** @internal What `await` throws: call it only when this was cancelled or has an exception. */
  _thrown(): unknown {
    if (this._state === CANCELLED) return this._cancelledError();
    this._markSeen();
    return this._value;
  }

  /** @internal Somebody has its exception, if it has one. */
  _markSeen(): void {
    if (this._state !== UNSEEN_EXCEPTION) return;
    this._state = SEEN_EXCEPTION;
    this._loop._failures.forget(this as Future<unknown>);
  }

  /**
   * @internal The error of a cancelled future. A task that ended by a CancelledError gives that very object to the
   * first who asks, so that it goes up the chain of waiting tasks as one; who asks later gets one without its message,
   * as in asyncio.
   */
  _cancelledError(): CancelledError {
    const value = this._value;
    const message = this._cancelMessage();
    if (this._state !== CANCELLED || !(value instanceof CancelledError)) return new CancelledError(message);
    this._value = message;
    return value;
  }

  /** @internal What somebody who waits for it waits for, in words. */
  _purpose(): string {
    return "a future";
  }

  /** @internal What must be done, or let go of something, before this can be done, where that is known. */
  _blockers(): readonly Future<unknown>[] {
    return [];
  }

  /** @internal The message of the cancellation. */
  _cancelMessage(): string | undefined {
    const message = this._state === CANCELLED ? this._value : undefined;
    return message instanceof CancelledError ? undefined : (message as string | undefined);
  }

  /** @internal */
  _describeState(): string {
    if (this._state === PENDING) return "pending";
    if (this._state === CANCELLED) return "cancelled";
    if (this._state === RESULT) return `finished result=${describe(this._value)}`;
    return `finished exception=${describe(this._value)}`;
  }
}

/** More entries than this are kept in a set: to remove one of an array costs as much as there are. */
const MANY = 16;

/** An entry that is in a set already. */
class Again implements DoneEntry {
  readonly #entry: DoneEntry;
  constructor(entry: DoneEntry) {
    this.#entry = entry;
  }
  _settled(future: Future<unknown>): void {
    this.#entry._settled(future);
  }
  _calls(callback: unknown): boolean {
    return this.#entry._calls(callback);
  }
}

/** A callback of Turnwise's own, for any number of futures: it needs no context. */
export class Observer implements DoneEntry {
  readonly _callback: (future: Future<unknown>) => void;
  /** The task that waits, in the end, for the futures that are observed. */
  readonly awaiter: Task<unknown> | null;
  constructor(callback: (future: Future<unknown>) => void, awaiter: Task<unknown> | null = null) {
    this._callback = callback;
    this.awaiter = awaiter;
  }

  _settled(future: Future<unknown>): void {
    if (!future._tellLater(this)) future._loop._push(new Notice(this, future));
  }

  _calls(callback: unknown): boolean {
    return this._callback === callback;
  }
}

/** @internal An observer's call about one future, in the ready queue. */
export class Notice implements Runnable {
  readonly #observer: Observer;
  readonly _future: Future<unknown>;
  /** For who watches the loop. */
  _note: unknown = null;
  constructor(observer: Observer, future: Future<unknown>) {
    this.#observer = observer;
    this._future = future;
  }

  get _resumes(): boolean {
    return false;
  }

  _run(): void {
    this.#observer._callback(this._future);
  }
}

/** Calls a function of Turnwise's own when `future` is done, through the loop. */
export function whenDone<T>(
  future: Future<T>,
  callback: (future: Future<T>) => void,
  awaiter: Task<unknown> | null = null,
): Observer {
  const observer = new Observer(callback as (future: Future<unknown>) => void, awaiter);
  future._add(observer);
  return observer;
}

/** Whether `value` is a future or a task: `asyncio.isfuture`. */
export function isFuture(value: unknown): value is Future<unknown> {
  return value instanceof Future;
}

/** A future that failed already, to throw a misuse into the task that awaits. */
function misuse(task: Task<unknown>, future: Future<unknown>): Future<unknown> {
  const failed = new Future<unknown>(task._loop);
  failed._state = SEEN_EXCEPTION;
  failed._value = new RuntimeError(
    future === task
      ? `Task cannot await on itself: ${String(task)}`
      : `Task ${String(task)} got Future ${String(future)} attached to a different loop`,
  );
  return failed;
}
