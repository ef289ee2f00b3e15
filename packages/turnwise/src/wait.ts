/** `wait`, `waitFor` and `asCompleted`: ways to wait for several, or not too long. */
import { isUndecided, whenDecided } from "#first-steps";
import { type AwaitableLike, ensureFuture, inCurrentTask, type ResultOf } from "./coroutines.ts";
import type { EventLoop } from "./events.ts";
import type { Seconds } from "./scheduler.ts";
import { CancelledError, TimeoutError } from "./exceptions.ts";
import { Future, Observer, UNSEEN_EXCEPTION, whenDone } from "./futures.ts";
import type { TimerHandle } from "./handles.ts";
import { Ring } from "./ring.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { timeout as timeoutScope } from "./timeouts.ts";
import { type Awaited, waiterFor } from "./waiter.ts";

/** For {@link wait}: return when any is done. */
export const FIRST_COMPLETED = "FIRST_COMPLETED";
/** For {@link wait}: return when any failed, or all are done. */
export const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** For {@link wait}: return when all are done. */
export const ALL_COMPLETED = "ALL_COMPLETED";

/** When {@link wait} returns. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

/** How long {@link wait} waits. */
export interface WaitOptions {
  /** Return after so many seconds at the latest. */
  readonly timeout?: Seconds | null | undefined;
  /** By default {@link ALL_COMPLETED}. */
  readonly returnWhen?: ReturnWhen | undefined;
}

/**
 * Waits for futures and tasks, and says which are done: `asyncio.wait`. It cancels none of them, and never throws
 * for a timeout: what is not done by then is in `pending`.
 *
 * @throws TypeError if it is given functions or foreign promises: make tasks of them first, to know which is which.
 */
export async function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: WaitOptions = {},
): Promise<{ done: Set<F>; pending: Set<F> }> {
  const { timeout = null, returnWhen = ALL_COMPLETED } = options;
  const all = collect(futures);
  if (![FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED].includes(returnWhen)) {
    throw new RangeError(`Invalid return_when value: ${String(returnWhen)}`);
  }
  const loop = getRunningLoop();
  const waiter = waiterFor(new Several(all), loop);
  const release = (): void => {
    if (!waiter.done()) waiter.setResult();
  };
  const timer = timeout === null ? null : loop.callLater(timeout, release);
  let left = all.size;
  const onDone = (future: Future<unknown>): void => {
    left--;
    const failed = returnWhen === FIRST_EXCEPTION && future._state >= UNSEEN_EXCEPTION;
    if (failed) future._markSeen();
    if (left > 0 && returnWhen !== FIRST_COMPLETED && !failed) return;
    timer?.cancel();
    release();
  };
  const observer = new Observer(onDone, currentTask());
  const found = [...all].filter((future) => future.done());
  for (const future of returnWhen === FIRST_COMPLETED ? found.slice(0, 1) : found) loop._watch?.passed(future);
  for (const future of all) future._add(observer);
  try {
    await waiter;
  } finally {
    timer?.cancel();
    for (const future of all) future._remove(observer);
  }
  const done = new Set<F>();
  const pending = new Set<F>();
  for (const future of all) (future.done() ? done : pending).add(future);
  return { done, pending };
}

/** What a wait for several futures is for. */
class Several implements Awaited {
  readonly #futures: Iterable<Future<unknown>>;

  constructor(futures: Iterable<Future<unknown>>) {
    this.#futures = futures;
  }

  toString(): string {
    const all = [...this.#futures];
    return `${all.length} ${all.length === 1 ? "future" : "futures"}, of which ${this.#pending().length} not done`;
  }

  _holders(): readonly Future<unknown>[] {
    return this.#pending();
  }

  #pending(): Future<unknown>[] {
    return [...this.#futures].filter((future) => !future.done());
  }
}

function collect<F>(futures: Iterable<F>): Set<F> {
  if (futures instanceof Future || typeof futures?.[Symbol.iterator] !== "function") {
    throw new TypeError(`expect a list of futures, not ${typeof futures}`);
  }
  const all = new Set(futures);
  if (all.size === 0) throw new RangeError("Set of Tasks/Futures is empty.");
  for (const future of all) {
    if (typeof future === "function") {
      throw new TypeError("Passing coroutines is forbidden, use tasks explicitly.");
    }
    if (!(future instanceof Future)) {
      throw new TypeError("Passing promises is forbidden, use ensureFuture(promise) explicitly.");
    }
  }
  return all;
}

/**
 * Waits for `awaitable`, for at most `timeout` seconds (`null`: for ever): `asyncio.wait_for`. When the time is up, it
 * is cancelled, and {@link TimeoutError} is thrown once it has cleaned up. A function runs in the current task.
 *
 * If the awaitable swallows the cancellation and returns, its result is returned.
 * @throws TimeoutError if the time is up.
 */
export function waitFor<T>(awaitable: AwaitableLike<T>, timeout: Seconds | null): Promise<T> {
  if (timeout === null || timeout > 0) return timeoutScope(timeout, () => inCurrentTask(awaitable));
  return cancelAtOnce(awaitable);
}

/** The time was up before the wait began. */
async function cancelAtOnce<T>(awaitable: AwaitableLike<T>): Promise<T> {
  const future = ensureFuture(awaitable);
  if (isUndecided(future)) await new Promise<void>((resolve) => whenDecided([future], resolve));
  if (future.done()) return future.result();
  const waiter = waiterFor(new Several([future]), future.getLoop());
  const release = (): void => {
    if (!waiter.done()) waiter.setResult();
  };
  const observer = whenDone(future, release);
  try {
    future.cancel();
    await waiter;
  } finally {
    future._remove(observer);
  }
  try {
    return future.result();
  } catch (thrown) {
    if (thrown instanceof CancelledError) throw new TimeoutError("", { cause: thrown });
    throw thrown;
  }
}

/**
 * Gives the futures as they are done, the first to be done first: `asyncio.as_completed`.
 *
 * ```ts
 * for await (const task of asCompleted(tasks, { timeout: 5 })) console.log(task.result());
 * ```
 *
 * Futures and tasks come as the very objects that were passed, so that you can tell them apart. When `timeout` seconds are over, the loop throws
 * {@link TimeoutError}; nothing is cancelled.
 */
export function asCompleted<A extends AwaitableLike<unknown>>(
  awaitables: Iterable<A>,
  options: { readonly timeout?: Seconds | null | undefined } = {},
): AsyncIterableIterator<DoneFuture<ResultOf<A>>> {
  if (awaitables instanceof Future || typeof awaitables?.[Symbol.iterator] !== "function") {
    throw new TypeError(`expect an iterable of futures, not ${typeof awaitables}`);
  }
  const all = awaitables as Iterable<AwaitableLike<ResultOf<A>>>;
  return new AsCompleted(getRunningLoop(), all, options.timeout ?? null);
}

/** A future that is done. It has no `then` in its type, since TypeScript believes that `for await` awaits items. */
export type DoneFuture<T> = Omit<Future<T>, "then" | "catch" | "finally">;

/** Written by hand, and not as a generator: `yield` would wait for the future, and give its result. */
class AsCompleted<T> implements AsyncIterableIterator<DoneFuture<T>> {
  readonly #loop: EventLoop;
  readonly #todo = new Set<Future<T>>();
  /** Done and not taken yet; null stands for one that came too late. */
  /** Null stands for the timeout. */
  readonly #done = new Ring<Future<T> | null>();
  readonly #waiters: Future<void>[] = [];
  readonly #timer: TimerHandle | null;
  readonly #observer = new Observer((future) => this.#onDone(future));
  #left: number;

  constructor(loop: EventLoop, awaitables: Iterable<AwaitableLike<T>>, timeout: Seconds | null) {
    this.#loop = loop;
    for (const awaitable of awaitables) this.#todo.add(ensureFuture(awaitable, { loop }));
    for (const future of this.#todo) future._add(this.#observer);
    this.#left = this.#todo.size;
    this.#timer = timeout === null || this.#left === 0 ? null : loop.callLater(timeout, this.#onTimeout);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<DoneFuture<T>, undefined>> {
    if (this.#left === 0) return { done: true, value: undefined };
    this.#left--;
    const found = this.#done.size > 0;
    while (this.#done.size === 0) {
      const waiter = waiterFor(new Several(this.#todo), this.#loop);
      this.#waiters.push(waiter);
      try {
        await waiter;
      } catch (thrown) {
        // Cancelled: whoever waits behind gets the turn that this one was given.
        const place = this.#waiters.indexOf(waiter);
        if (place >= 0) this.#waiters.splice(place, 1);
        if (this.#done.size > 0 && !waiter.cancelled()) this.#wake();
        throw thrown;
      }
    }
    const future = this.#done.shift();
    if (future === null) throw new TimeoutError();
    if (found) this.#loop._watch?.passed(future);
    return { done: false, value: future };
  }

  async return(): Promise<IteratorResult<DoneFuture<T>, undefined>> {
    this.#timer?.cancel();
    for (const future of this.#todo) future._remove(this.#observer);
    this.#todo.clear();
    this.#left = 0;
    return { done: true, value: undefined };
  }

  #onDone(future: Future<unknown>): void {
    if (!this.#todo.delete(future as Future<T>)) return;
    this.#done.push(future as Future<T>);
    if (this.#todo.size === 0) this.#timer?.cancel();
    this.#wake();
  }

  readonly #onTimeout = (): void => {
    for (const future of this.#todo) {
      future._remove(this.#observer);
      this.#done.push(null);
      this.#wake();
    }
    this.#todo.clear();
  };

  #wake(): void {
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) {
      if (waiter.done()) continue;
      waiter.setResult();
      return;
    }
  }
}
