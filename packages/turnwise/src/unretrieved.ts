/** Exceptions that nobody retrieved: "Task exception was never retrieved". */
import type { EventLoop } from "./events.ts";
import type { ExceptionContext } from "./exception-handler.ts";
import { type Future, UNSEEN_EXCEPTION } from "./futures.ts";

/** So many failures are kept before those that were seen meanwhile are let go. */
const ENOUGH_TO_SIFT = 64;

/**
 * The failed futures of one loop whose exception nobody has seen. It reports one when it is garbage, as asyncio does,
 * and what is left when the loop is closed: so no error is lost because the process ended before a collection.
 */
export class FailureWatch {
  readonly #loop: EventLoop;
  /** Failed lately; most of them are seen within a turn, and cost no more than this. */
  #fresh: Future<unknown>[] = [];
  /** Failed a while ago: held weakly, with what there is to say. */
  readonly #watched = new Map<WeakRef<Future<unknown>>, ExceptionContext>();
  /** Looking through them all is worth it only once they have doubled. */
  #sweepAt = ENOUGH_TO_SIFT;
  #registry: FinalizationRegistry<WeakRef<Future<unknown>>> | null = null;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  add(future: Future<unknown>): void {
    this.#fresh.push(future);
    if (this.#fresh.length >= ENOUGH_TO_SIFT) this.sift();
  }

  /** Lets go of what was seen, and watches the rest weakly. */
  sift(): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const future of fresh) if (future._state === UNSEEN_EXCEPTION) this.#watch(future);
    const watched = this.#watched;
    if (watched.size < this.#sweepAt) return;
    for (const ref of watched.keys()) if (isSeen(ref.deref())) watched.delete(ref);
    this.#sweepAt = Math.max(ENOUGH_TO_SIFT, 2 * watched.size);
  }

  /** Reports all that nobody has seen. */
  reportAll(): void {
    for (const future of this.#fresh) if (future._state === UNSEEN_EXCEPTION) this.#loop._report(contextFor(future));
    this.#fresh = [];
    for (const [ref, context] of this.#watched) {
      if (!isSeen(ref.deref())) this.#loop._report(context);
    }
    this.#watched.clear();
  }

  #watch(future: Future<unknown>): void {
    const ref = new WeakRef(future);
    this.#watched.set(ref, contextFor(future, true));
    this.#registry ??= new FinalizationRegistry((gone) => this.#collected(gone));
    this.#registry.register(future, ref);
  }

  #collected(ref: WeakRef<Future<unknown>>): void {
    const context = this.#watched.get(ref);
    this.#watched.delete(ref);
    if (context !== undefined) this.#loop._report(context);
  }
}

/** @param weakly - leave the future itself out: the context must not keep it. */
function contextFor(future: Future<unknown>, weakly = false): ExceptionContext {
  const kind = "_task" in future ? "Task" : "Future";
  const message = `${kind} exception was never retrieved`;
  const exception = future._value;
  return weakly ? { message, exception, about: String(future) } : { message, exception, future };
}

function isSeen(future: Future<unknown> | undefined): boolean {
  return future !== undefined && future._state !== UNSEEN_EXCEPTION;
}
