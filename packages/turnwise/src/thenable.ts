/** What a task can wait for: the base of `Future`, and of what `sleep(0)` returns. */

/** How an `await` is answered. */
export type Resolve = (value: unknown) => unknown;
/** How an `await` is answered with an error. */
export type Reject = (reason: unknown) => unknown;

/** A `Promise` in type and use, whose `then` tells the loop that the task waits. */
export abstract class Thenable<T> implements Promise<T> {
  /**
   * What `await` calls: the task that awaits parks here until the result is there.
   *
   * Prefer `await`, and `addDoneCallback` for a callback. Like `await`, a call of `then` inside a task belongs to the
   * task: cancelling the task cancels what it waits for.
   */
  then<A = T, B = never>(
    onfulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (typeof onfulfilled === "function" && typeof onrejected === "function") {
      return this._await(onfulfilled as Resolve, onrejected) as Promise<A | B>;
    }
    // Not what `await` calls. A promise that adopts this will call `then` again, and waits properly.
    return new Promise<T>((resolve) => resolve(this)).then(onfulfilled, onrejected);
  }

  /** @internal Waits: answers once with `resolve` or `reject`. @returns what they return, for who chains by hand. */
  abstract _await(resolve: Resolve, reject: Reject): Promise<unknown>;

  /** As `Promise.prototype.catch`. */
  catch<B = never>(onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onrejected);
  }

  /** As `Promise.prototype.finally`. */
  finally(onfinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onfinally);
  }

  get [Symbol.toStringTag](): string {
    return this.constructor.name;
  }
}

/** Whether `value` has a `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
