/** Floating async functions: called in a task, awaited by nobody, and failed. */
import { currentScope } from "./async-context.ts";
import type { EventLoop } from "./events.ts";
import { asCancellation } from "./exceptions.ts";

type Listener = (reason: unknown) => void;
interface ProcessLike {
  on?(event: "unhandledRejection", listener: Listener): void;
  off?(event: "unhandledRejection", listener: Listener): void;
  listenerCount?(event: string): number;
}
const process = (globalThis as { process?: unknown }).process as ProcessLike | undefined;

/**
 * Watches for promises of the program on `loop` that fail and that nobody awaits.
 *
 * A branch that was cancelled with its task (an async function that was called and not awaited yet) is no failure. Any
 * other ends the process, as ever; in debug mode the loop's exception handler hears of it instead, and what it is.
 * @returns a function that stops watching.
 */
export function watchFloating(loop: EventLoop): () => void {
  // Who listens already has decided what becomes of them.
  if (process?.on === undefined || (process.listenerCount?.("unhandledRejection") ?? 0) > 0) return () => {};
  const listener: Listener = (reason) => {
    const scope = currentScope();
    if (scope?._loop !== loop) throw reason;
    if (asCancellation(reason) !== null) return;
    if (!loop.getDebug()) throw reason;
    const task = scope._task;
    const where = task === null ? "a callback" : String(task);
    loop._report({
      message: `a floating async function failed: it was called in ${where}, and nobody awaits it`,
      exception: reason,
      ...(task === null ? {} : { task }),
    });
  };
  process.on("unhandledRejection", listener);
  return () => process.off?.("unhandledRejection", listener);
}
