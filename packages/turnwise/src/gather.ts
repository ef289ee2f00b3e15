/** `gather`: wait for several at once, results in order. */
import { addForLater, cancelsLater, decideWith, isUndecided } from "#first-steps";
import { type AwaitableLike, ensureFuture, type ResultOf } from "./coroutines.ts";
import type { EventLoop } from "./events.ts";
import { CancelledError } from "./exceptions.ts";
import { CANCELLED, Future, Observer, PENDING, RESULT } from "./futures.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { keepShape } from "./shapes.ts";

/** The results of several awaitables, in order. */
export type Results<A extends readonly unknown[]> = { -readonly [K in keyof A]: ResultOf<A[K]> };
/** The same, where an exception may stand for a result. */
export type ResultsOrErrors<A extends readonly unknown[]> = { -readonly [K in keyof A]: ResultOf<A[K]> | Error };

/** How {@link gather} treats failures. */
export interface GatherOptions<R extends boolean = boolean> {
  /** Give exceptions as results, instead of failing with the first. */
  readonly returnExceptions?: R;
}

/**
 * Runs several awaitables at once, and gives their results in order: `asyncio.gather`. Functions are started as tasks.
 *
 * The first failure is thrown at once; the others run on (use {@link taskGroup} to have them cancelled). With
 * `returnExceptions` failures are results. Cancelling the gather cancels all that are not done, and waits for them.
 * The same future twice is one child; the same function twice is called twice.
 */
export function gather<const A extends readonly AwaitableLike<unknown>[]>(...awaitables: A): Future<Results<A>>;
export function gather<const A extends readonly AwaitableLike<unknown>[]>(
  awaitables: A,
  options?: GatherOptions<false>,
): Future<Results<A>>;
export function gather<const A extends readonly AwaitableLike<unknown>[]>(
  awaitables: A,
  options: GatherOptions,
): Future<ResultsOrErrors<A>>;
export function gather(...args: unknown[]): Future<unknown[]> {
  const listed = Array.isArray(args[0]);
  if (listed && args.length > 2) {
    throw new TypeError("gather() takes awaitables, or one array of them and options");
  }
  const awaitables = (listed ? args[0] : args) as AwaitableLike<unknown>[];
  const options = (listed ? args[1] : undefined) as GatherOptions | undefined;
  if (awaitables.length === 0) {
    const empty = getRunningLoop().createFuture<unknown[]>();
    empty.setResult([]);
    return empty;
  }
  return new Gathering(awaitables, options?.returnExceptions ?? false);
}

class Gathering extends Future<unknown[]> {
  readonly #children: Future<unknown>[];
  readonly #returnExceptions: boolean;
  #left: number;
  #cancelRequested = false;
  /** It was asked to cancel before it was known which children are done. */
  #cancelledEarly = false;

  constructor(awaitables: readonly AwaitableLike<unknown>[], returnExceptions: boolean) {
    const loop = loopOf(awaitables);
    super(loop);
    this.#returnExceptions = returnExceptions;
    this.#left = awaitables.length;
    const observer = new Observer(this.#childDone, currentTask());
    let early: Future<unknown>[] | null = null;
    // One array of the right size: what is no future yet is replaced.
    const children = awaitables.slice() as Future<unknown>[];
    this.#children = children;
    const options = { loop };
    try {
      // One after the other: a task that begins at once may look at those before it.
      for (let i = 0; i < children.length; i++) {
        const child = ensureFuture(awaitables[i] as AwaitableLike<unknown>, options);
        children[i] = child;
        if (child._state === PENDING && !isUndecided(child)) {
          child._add(observer);
          continue;
        }
        (early ??= []).push(child);
        if (child._state === PENDING) addForLater(child, observer);
      }
    } catch (thrown) {
      this._state = CANCELLED; // There will be no gather to tell.
      throw thrown;
    }
    if (early !== null) this.#lookAt(early);
  }

  /** Hears of the children that are done already, or may be. */
  #lookAt(early: readonly Future<unknown>[]): void {
    decideWith(this, early, () => {
      if (this.#cancelledEarly && early.some((child) => child._state === PENDING)) this.#cancelRequested = true;
      for (const child of early) {
        if (child._state === PENDING) continue;
        this._loop._watch?.passed(child);
        this.#childDone(child);
      }
    });
  }

  override cancel(msg?: string): boolean {
    if (this._state !== PENDING) return false;
    // If it turns out to have failed already, the children are not to hear of it.
    if (!this.#returnExceptions && cancelsLater(this, msg)) return true;
    const early = isUndecided(this);
    if (early) this.#cancelledEarly = true;
    let cancelled = false;
    for (const child of this.#children) if (child.cancel(msg) && !isUndecided(child)) cancelled = true;
    if (cancelled) this.#cancelRequested = true;
    return cancelled || early;
  }

  override _purpose(): string {
    return `a gather of ${this.#children.length}, of which ${this.#left} not done`;
  }

  override _blockers(): readonly Future<unknown>[] {
    return this.#children.filter((child) => child._state === PENDING);
  }

  // The same future twice is told of twice, one right after the other: no need to know it.
  readonly #childDone = (child: Future<unknown>): void => {
    this.#left--;
    child._markSeen();
    if (this._state !== PENDING) return;
    if (!this.#returnExceptions && child._state !== RESULT) {
      this._fail(child._thrown());
      return;
    }
    if (this.#left > 0) return;
    // A gather that was asked to cancel is cancelled, whatever became of the children; the error is the last one's.
    if (this.#cancelRequested) this._fail((this.#children.at(-1) as Future<unknown>)._cancelledError());
    else this._settle(RESULT, this.#children.map(outcome));
  };
}

keepShape((loop) => {
  const child = loop.createFuture();
  const gathering = new Gathering([child], false);
  child._entries = null; // These know the task that runs now.
  return gathering;
});

function outcome(child: Future<unknown>): unknown {
  if (child._state === RESULT) return child._value;
  return child._state === CANCELLED ? new CancelledError(child._cancelMessage()) : child._value;
}

function loopOf(awaitables: readonly AwaitableLike<unknown>[]): EventLoop {
  const future = awaitables.find((awaitable) => awaitable instanceof Future);
  return future === undefined ? getRunningLoop() : future._loop;
}
