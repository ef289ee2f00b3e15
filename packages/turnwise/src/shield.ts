/** `shield`: wait for something without passing cancellation on to it. */
import { addForLater, cancelsLater, decideWith } from "#first-steps";
import { type AwaitableLike, ensureFuture } from "./coroutines.ts";
import { CANCELLED, Future, Observer, PENDING, RESULT, whenDone } from "./futures.ts";
import { currentTask } from "./running.ts";

/**
 * Protects an awaitable from the cancellation of who waits for it: `asyncio.shield`.
 *
 * If the task that awaits the returned future is cancelled, the awaitable runs on. An exception of it that comes
 * later goes to the loop's exception handler. At the end of {@link run} it is cancelled like all the rest.
 */
export function shield<T>(awaitable: AwaitableLike<T>): Future<T> {
  const inner = ensureFuture(awaitable);
  if (inner.done()) return inner;
  const outer = new Shielding<T>(inner);
  const innerDone = (): void => {
    if (outer._state !== PENDING) return;
    if (inner.cancelled()) {
      outer.cancel();
      return;
    }
    if (inner._state === RESULT) outer.setResult(inner.result());
    else outer.setException(inner.exception());
  };
  const observer = new Observer(innerDone, currentTask());
  addForLater(inner, observer);
  // If nobody knows yet that the inner future is done, then this was done all the time, too.
  decideWith(outer as Future<unknown>, [inner], () => {
    if (inner.cancelled()) outer._settle(CANCELLED, inner._cancelledError());
    else if (inner.done()) innerDone();
  });
  whenDone(outer, () => {
    if (inner.done()) return;
    inner._remove(observer);
    // Once is enough, however many shields are given up.
    inner._remove(lateExceptions);
    inner._add(lateExceptions);
  });
  return outer;
}

/** What is awaited in place of what is shielded. */
class Shielding<T> extends Future<T> {
  readonly #inner: Future<T>;

  constructor(inner: Future<T>) {
    super(inner.getLoop());
    this.#inner = inner;
  }

  override cancel(msg?: string): boolean {
    return cancelsLater(this as Future<unknown>, msg) || super.cancel(msg);
  }

  override _purpose(): string {
    return "a shielded future";
  }

  override _blockers(): readonly Future<unknown>[] {
    return [this.#inner as Future<unknown>];
  }
}

const lateExceptions = new Observer(logLateException);

function logLateException(inner: Future<unknown>): void {
  if (inner.cancelled() || inner._state === RESULT) return;
  const exception = inner.exception();
  const name = exception instanceof Error ? exception.name : typeof exception;
  inner._loop._report({
    message: `${name} exception in shielded future`,
    exception,
    future: inner,
  });
}
