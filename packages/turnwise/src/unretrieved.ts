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
  /** What there is to say of those that failed a while ago. They are held weakly. */
  readonly #unseen = new Set<ExceptionContext>();
  readonly #contexts = new WeakMap<Future<unknown>, ExceptionContext>();
  #registry: FinalizationRegistry<ExceptionContext> | null = null;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  add(future: Future<unknown>): void {
    this.#fresh.push(future);
    if (this.#fresh.length >= ENOUGH_TO_SIFT) this.sift();
  }

  /** Lets go of what was seen, and watches the rest weakly. */
  sift(): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    for (const future of fresh) if (future._state === UNSEEN_EXCEPTION) this.#watch(future);
  }

  /** Somebody has seen the exception. */
  forget(future: Future<unknown>): void {
    if (this.#unseen.size > 0) this.#unseen.delete(this.#contexts.get(future) as ExceptionContext);
  }

  /** Reports all that nobody has seen. */
  reportAll(): void {
    for (const future of this.#fresh) if (future._state === UNSEEN_EXCEPTION) this.#loop._report(contextFor(future));
    this.#fresh = [];
    for (const context of this.#unseen) this.#report(context);
  }

  #watch(future: Future<unknown>): void {
    const context = contextFor(future, true);
    this.#unseen.add(context);
    this.#contexts.set(future, context);
    this.#registry ??= new FinalizationRegistry((gone) => this.#report(gone));
    this.#registry.register(future, context);
  }

  #report(context: ExceptionContext): void {
    if (this.#unseen.delete(context)) this.#loop._report(context);
  }
}

/** @param weakly - leave the future itself out: the context must not keep it. */
function contextFor(future: Future<unknown>, weakly = false): ExceptionContext {
  const kind = "_task" in future ? "Task" : "Future";
  const message = `${kind} exception was never retrieved`;
  const exception = future._value;
  return weakly ? { message, exception, about: String(future) } : { message, exception, future };
}
