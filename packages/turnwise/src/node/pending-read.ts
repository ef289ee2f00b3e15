/** `PendingRead`: what a `StreamReader`'s methods return while there is not enough to read. */
import { runInScope } from "#async-context";
import type { EventLoop } from "../events.ts";
import type { Future } from "../futures.ts";
import { isThenable, type Reject, type Resolve, Thenable } from "../thenable.ts";
import { type Awaited, waiterFor } from "../waiter.ts";
import { peerOf } from "./flow-control.ts";
import type { Kind, StreamReader } from "./stream-reader.ts";

/**
 * Waits for data, and takes it only when the task that awaits goes on: if that is cancelled before, nothing is lost.
 *
 * An async function would do the same. But thousands of connections spend their lives in such a wait, and it would take
 * more than twice the memory for it.
 */
export class PendingRead<A, T> extends Thenable<T> implements Awaited {
  /** @internal What the reader settles when it has got enough, or the stream ends. */
  readonly _waiter: Future<void>;
  readonly #reader: StreamReader;
  readonly #kind: Kind<A, T>;
  readonly #arg: A;
  /** What was taken: who awaits once more gets the same. */
  #taken: T | Promise<T> | undefined = undefined;

  constructor(reader: StreamReader, loop: EventLoop, kind: Kind<A, T>, arg: A) {
    super();
    this._waiter = waiterFor(this, loop);
    this.#reader = reader;
    this.#kind = kind;
    this.#arg = arg;
  }

  override toString(): string {
    return `data from ${peerOf(this.#reader._transport)}`;
  }

  /** As any promise's. To find out whether an `await` calls it would take longer than all else that a read does. */
  override then<A2 = T, B2 = never>(
    onfulfilled?: ((value: T) => A2 | PromiseLike<A2>) | null,
    onrejected?: ((reason: unknown) => B2 | PromiseLike<B2>) | null,
  ): Promise<A2 | B2> {
    if (typeof onfulfilled !== "function" || typeof onrejected !== "function") {
      return super.then(onfulfilled, onrejected);
    }
    return new Answer<T, A2 | B2>(this, onfulfilled, onrejected);
  }

  /** @internal */
  override _await(resolve: Resolve, reject: Reject): void {
    void new Answer(this, resolve, reject);
  }

  /** @internal What was read, or a thenable that gives it or throws. An error comes through `resolve` too: see `answer`. */
  _outcome(thrown: unknown): unknown {
    return thrown === undefined ? (this.#taken ??= this.#reader._attempt(this.#kind, this.#arg)) : thrown;
  }
}

/**
 * What `then` returns: nothing that an `await` looks at. Only who called it by hand, and goes on with the result, makes a
 * promise of it.
 */
class Answer<T, R> implements Promise<R> {
  #read: PendingRead<unknown, T>;
  readonly #onfulfilled: (value: T) => R | PromiseLike<R>;
  readonly #onrejected: (reason: unknown) => R | PromiseLike<R>;
  #result: Result<T, R> | null = null;

  constructor(
    read: PendingRead<unknown, T>,
    onfulfilled: (value: T) => R | PromiseLike<R>,
    onrejected: (reason: unknown) => R | PromiseLike<R>,
  ) {
    this.#read = read;
    this.#onfulfilled = onfulfilled;
    this.#onrejected = onrejected;
    this.#wait();
  }

  get [Symbol.toStringTag](): string {
    return "Promise";
  }

  then<A = R, B = never>(
    onfulfilled?: ((value: R) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#asPromise().then(onfulfilled, onrejected);
  }

  catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<R | B> {
    return this.#asPromise().catch(onrejected);
  }

  finally(onfinally?: (() => void) | null): Promise<R> {
    return this.#asPromise().finally(onfinally);
  }

  /** The wait is over. @param thrown - undefined if it was not in vain. */
  _over(thrown: unknown): void {
    this.#answer(this.#read._outcome(thrown) as T | PromiseLike<T>);
  }

  /** The wait failed. */
  _failed(reason: unknown): void {
    this.#answer(Promise.reject(reason));
  }

  #asPromise(): Promise<R> {
    return (this.#result ??= resultOf(this.#onfulfilled, this.#onrejected)).promise;
  }

  #wait(): void {
    // Bound functions: a connection that waits keeps one of them, and no closure with its context.
    this.#read._waiter._await(
      over.bind(this as Answer<unknown, unknown>),
      failed.bind(this as Answer<unknown, unknown>),
    );
  }

  #answer(outcome: T | PromiseLike<T>): void {
    if (outcome instanceof PendingRead) {
      // There was not enough: the task goes on to wait. An `await` would do that outside of the task, where no
      // cancellation would reach it.
      this.#read = outcome as PendingRead<unknown, T>;
      runInScope(this.#read._waiter._loop._holder ?? undefined, () => this.#wait());
      return;
    }
    // An `await` takes what throws, or waits on, as it is; a function that was given by hand does not.
    if (this.#result === null && (!isThenable(outcome) || this.#read._isAwait(this.#onfulfilled))) {
      try {
        void this.#onfulfilled(outcome as T);
      } catch (thrown) {
        void Promise.reject(thrown); // A function that was given by hand: nobody has its result.
      }
      return;
    }
    void this.#asPromise();
    this.#result?.settle(outcome);
  }
}

function over(this: Answer<unknown, unknown>, thrown: unknown): void {
  this._over(thrown);
}

function failed(this: Answer<unknown, unknown>, reason: unknown): void {
  this._failed(reason);
}

/** A promise for who called `then` by hand. */
interface Result<T, R> {
  readonly promise: Promise<R>;
  readonly settle: (outcome: T | PromiseLike<T>) => void;
}

function resultOf<T, R>(
  onfulfilled: (value: T) => R | PromiseLike<R>,
  onrejected: (reason: unknown) => R | PromiseLike<R>,
): Result<T, R> {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise: promise.then(onfulfilled, onrejected), settle: resolve };
}
