/** `Executor`: what runs functions of modules elsewhere, be it a thread or a machine. */
import { describe } from "../describe.ts";
import type { Future } from "../futures.ts";
import type { Seconds } from "../scheduler.ts";
import type { FunctionReference } from "./function-references.ts";

/** How a call runs. All executors know these; some know more. */
export interface CallOptions {
  /** Cancels the call when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Names the call. While one with this key is out, submitting it again starts nothing, and gives the same future:
   * cancelling that cancels the call for all who have it.
   */
  readonly key?: string | undefined;
  /** How often to try again when the function throws; 0 by default. A call that is cancelled is not tried again. */
  readonly retries?: number | undefined;
  /** How long to wait before trying again; by default not at all. */
  readonly backoff?: Backoff | undefined;
  /** An attempt that takes longer, from its beginning, fails with a `TimeoutError`; in seconds. */
  readonly timeout?: Seconds | undefined;
}

/** How long to wait before a call is tried again. */
export interface Backoff {
  /** Before the first time; in seconds. */
  readonly delay: Seconds;
  /** The same before each, or twice as long each time; "fixed" by default. */
  readonly type?: "fixed" | "exponential" | undefined;
  /** Which part of the wait is left to chance, from 0 to 1, so that not all come back at once; 0 by default. */
  readonly jitter?: number | undefined;
}

/** How an executor ends. */
export interface ShutdownOptions {
  /** Cancels the calls that were not begun. */
  readonly cancelFutures?: boolean | undefined;
}

/** How {@link Executor.map} goes through its items. */
export interface MapOptions {
  /** Submits no more than so many items ahead of the result that is taken; by default all at once. */
  readonly bufferSize?: number | undefined;
}

/**
 * Runs functions of modules elsewhere: `concurrent.futures.Executor`. To make one, extend it: {@link submit} and
 * {@link shutdown} are all that is needed.
 */
export abstract class Executor<O extends CallOptions = CallOptions> implements AsyncDisposable {
  /**
   * Calls `fn(...args)`. A module's URL stands for its default export.
   * @throws RuntimeError after {@link shutdown}, and where no loop runs; TypeError where `fn` is a JavaScript function.
   */
  abstract submit<A extends unknown[], R>(fn: FunctionReference<A, R> | URL, args: NoInfer<A>, options?: O): Future<R>;

  /** Takes no more calls, waits for those that it has, and ends. Cancelling gives up waiting. */
  abstract shutdown(options?: ShutdownOptions): Promise<void>;

  /**
   * Calls `fn(item)` for each item, and gives the results in the order of the items: `concurrent.futures`' `map`. What
   * a call throws is thrown where its result would be. Whoever stops early, or fails, cancels the calls that are left.
   *
   * ```ts
   * for await (const picture of executor.map(resize, files)) show(picture);
   * ```
   *
   * @throws what {@link submit} throws; RangeError where `bufferSize` is not a whole number above 0.
   */
  map<T, R>(
    fn: FunctionReference<[T], R> | URL,
    items: Iterable<T>,
    options?: O & MapOptions,
  ): AsyncGenerator<Awaited<R>, void, undefined> {
    const { bufferSize = Infinity, ...call } = options ?? {};
    if (bufferSize !== Infinity && (!Number.isInteger(bufferSize) || bufferSize <= 0)) {
      throw new RangeError(`bufferSize must be a whole number greater than 0, got ${describe(bufferSize)}`);
    }
    const iterator = items[Symbol.iterator]();
    const futures: Future<R>[] = [];
    const fill = (): void => {
      while (futures.length < bufferSize) {
        const step = iterator.next();
        if (step.done === true) return;
        futures.push(this.submit<[T], R>(fn, [step.value], call as unknown as O));
      }
    };
    const cancel = (): void => {
      iterator.return?.();
      for (const future of futures) {
        future.cancel();
        // Nobody asks any more for what failed before.
        future.addDoneCallback((done) => done._markSeen());
      }
    };
    try {
      fill();
    } catch (error) {
      cancel();
      throw error;
    }
    return results(futures, fill, cancel);
  }

  /** {@link shutdown}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }
}

/** Takes the first of `futures`, and the next ones. */
async function* results<R>(
  futures: Future<R>[],
  fill: () => void,
  cancel: () => void,
): AsyncGenerator<Awaited<R>, void, undefined> {
  try {
    for (let first = futures[0]; first !== undefined; first = futures[0]) {
      const result = await first;
      void futures.shift();
      fill();
      yield result;
    }
  } finally {
    cancel();
  }
}
