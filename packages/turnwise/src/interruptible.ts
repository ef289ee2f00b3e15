/** `interruptible`: foreign promises as points of cancellation. */
import { describe } from "./describe.ts";
import type { EventLoop } from "./events.ts";
import { CancelledError } from "./exceptions.ts";
import { CANCELLED, Future, PENDING, RESULT, UNSEEN_EXCEPTION } from "./futures.ts";
import { getRunningLoop } from "./running.ts";
import { isOurs, isThenable } from "./thenable.ts";

/** A future that follows a promise which is not ours. Cancelling it gives up waiting, and aborts the signal. */
export class PromiseFuture<T> extends Future<T> {
  readonly #controller: AbortController | null;

  /** @internal */
  constructor(loop: EventLoop, promise: PromiseLike<T>, controller: AbortController | null) {
    super(loop);
    this.#controller = controller;
    loop._beginForeign();
    // A promise of our own in between: whatever the other's `then` does, this hears of it once.
    new Promise<T>((resolve) => resolve(promise)).then(
      (value) => this.#follow(RESULT, value),
      (thrown: unknown) => this.#follow(UNSEEN_EXCEPTION, thrown),
    );
  }

  override cancel(msg?: string): boolean {
    if (this._state !== PENDING) return false;
    this._settle(CANCELLED, msg);
    this._loop._endForeign();
    this.#controller?.abort(new CancelledError(msg)); // Last: listeners may do anything.
    return true;
  }

  override _purpose(): string {
    return "a promise that is not Turnwise's";
  }

  #follow(state: typeof RESULT | typeof UNSEEN_EXCEPTION, value: unknown): void {
    if (this._state !== PENDING) return;
    if (state === RESULT) this._settle(RESULT, value);
    else if (value instanceof CancelledError) this._settle(CANCELLED, value.message || undefined);
    else this._fail(value);
    this._loop._endForeign();
  }
}

/**
 * Makes a promise that is not Turnwise's a point of cancellation: when the task that awaits is cancelled, it goes on at
 * once with a {@link CancelledError}, and what the promise gives later is dropped.
 *
 * Given a function, it calls it with an `AbortSignal` that aborts on cancellation, so that the work itself stops too:
 * `await interruptible((signal) => fetch(url, { signal }))`.
 *
 * @throws RuntimeError if no loop runs.
 */
export function interruptible<T>(work: PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>)): Future<T> {
  const loop = getRunningLoop();
  const controller = typeof work === "function" ? new AbortController() : null;
  const promise = typeof work === "function" ? work((controller as AbortController).signal) : work;
  if (!isThenable(promise)) {
    throw new TypeError(`a function that returns a promise was expected, or a promise, got ${describe(promise)}`);
  }
  return adopt(loop, promise, controller);
}

/** A future of `loop` for a promise that has begun. What is ours is a point of cancellation already. */
export function adopt<T>(
  loop: EventLoop,
  promise: PromiseLike<T>,
  controller: AbortController | null = null,
): Future<T> {
  if (promise instanceof Future) return promise;
  if (isOurs(promise)) return loop.createTask(promise);
  return new PromiseFuture<T>(loop, promise, controller);
}
