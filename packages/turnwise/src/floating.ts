/** Floating async functions: called in a task, awaited by nobody, and failed. */
import { currentScope } from "#async-context";
import type { EventLoop } from "./events.ts";
import { asCancellation } from "./exceptions.ts";
import { node } from "./process.ts";
import type { Task } from "./tasks.ts";

/**
 * Watches for promises of the program on `loop` that fail and that nobody awaits.
 *
 * A branch that was cancelled with its task (an async function that was called and not awaited yet) is no failure. Any
 * other becomes what Node makes of it, as ever: it ends the process. In debug mode the loop's exception handler hears of
 * it before, and what it is.
 * @returns a function that stops watching.
 */
export function watchFloating(loop: EventLoop): () => void {
  // Who listens already has decided what becomes of them.
  const host = node;
  if (host === undefined || host.listenerCount("unhandledRejection") > 0) return () => {};
  let watching = true;
  const listener = (reason: unknown): void => {
    const scope = currentScope();
    if (scope?._loop === loop) {
      if (asCancellation(reason) !== null) return;
      if (loop.getDebug()) reportFloating(loop, scope._task, reason);
    }
    // Once more, with nobody who listens.
    host.off("unhandledRejection", listener);
    void Promise.reject(reason);
    void loop._hostTurn().then(() => watching && host.on("unhandledRejection", listener));
  };
  host.on("unhandledRejection", listener);
  return () => {
    watching = false;
    host.off("unhandledRejection", listener);
  };
}

function reportFloating(loop: EventLoop, task: Task<unknown> | null, exception: unknown): void {
  const where = task === null ? "a callback" : String(task);
  loop._report({
    message: `a floating async function failed: called in ${where}, awaited by nobody`,
    exception,
    ...(task && { task }),
  });
}
