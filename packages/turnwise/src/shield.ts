/** `shield`: wait for something without passing cancellation on to it. */
import { type AwaitableLike, ensureFuture } from "./coroutines.ts";
import { type Future, PENDING, whenDone } from "./futures.ts";
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
  const outer = inner.getLoop().createFuture<T>();
  const innerDone = (): void => {
    if (outer._state !== PENDING) return;
    if (inner.cancelled()) {
      outer.cancel();
      return;
    }
    const exception = inner.exception();
    if (exception !== null) outer.setException(exception);
    else outer.setResult(inner.result());
  };
  whenDone(inner, innerDone, currentTask());
  whenDone(outer, () => {
    if (inner.done()) return;
    inner._removeCallback(innerDone);
    inner._removeCallback(logLateException); // Once is enough, however many shields are given up.
    whenDone(inner, logLateException);
  });
  return outer;
}

function logLateException(inner: Future<unknown>): void {
  if (inner.cancelled()) return;
  const exception = inner.exception();
  if (exception === null) return;
  const name = exception instanceof Error ? exception.name : typeof exception;
  inner._loop._report({
    message: `${name} exception in shielded future`,
    exception,
    future: inner,
  });
}
