/** What a task can wait for: the base of `Future`, and of what `sleep(0)` returns. */
import type { AwaitableLike } from "./coroutines.ts";
import { RuntimeError } from "./exceptions.ts";
import type { Future } from "./futures.ts";
import type { Task } from "./tasks.ts";

/** How an `await` is answered. */
export type Resolve = (value: unknown) => unknown;
/** How an `await` is answered with an error. */
export type Reject = (reason: unknown) => unknown;

/** @internal What `sleep(0)` gives where nobody else is ready: a turn that is over, which costs next to nothing to await. */
export const FREE_TURN: Promise<void> = Promise.resolve();

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
    if (typeof onfulfilled === "function" && typeof onrejected === "function" && this._isAwait(onfulfilled)) {
      this._await(onfulfilled as Resolve, onrejected);
      return NOTHING as Promise<never>;
    }
    // Somebody called it by hand. A promise that adopts this will call `then` once more, as `await` does, and runs the
    // functions where promises run theirs.
    return Promise.resolve<T>(this).then(onfulfilled, onrejected);
  }

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

  /** @internal Whether `then` was called by an `await` (or a promise that adopts this), and not by hand. */
  _isAwait(onfulfilled: unknown): boolean {
    return isResolver(onfulfilled);
  }

  /**
   * @internal What a task that awaits this waits for, `null` for its next turn; `undefined` if nothing is known before
   * `then` is called.
   */
  _parksOn(_task: Task<unknown>): Future<unknown> | null | undefined {
    return undefined;
  }

  /** @internal Waits, and answers once with `resolve` or `reject`. */
  abstract _await(resolve: Resolve, reject: Reject): void;
}

/** What the engine gets back, which never looks at it. */
class Nothing extends Thenable<never> {
  override _isAwait(): boolean {
    return true;
  }
  override _await(): never {
    throw new RuntimeError("nothing to chain on: await the first promise");
  }
}
const NOTHING = new Nothing();

const source = (fn: unknown): string => Function.prototype.toString.call(fn);
let resolverSource = "";
void new Promise((resolve) => {
  resolverSource = source(resolve);
});

/** Whether `fn` is a promise's own resolve function: nameless and native. A bound function has a name. */
function isResolver(fn: unknown): boolean {
  return source(fn) === resolverSource && (fn as Resolve).name === "";
}

/** Whether `awaitable` is something of Turnwise's. */
export function isOurs<T>(awaitable: AwaitableLike<T>): awaitable is Promise<T> {
  return awaitable instanceof Thenable || (awaitable as unknown) === FREE_TURN;
}

/** Whether `value` has a `then`. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
