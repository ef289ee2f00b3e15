/** Floating async functions: called in a task, awaited by nobody, and failed. */
import { currentScope } from "./async-context.ts";
import type { EventLoop } from "./events.ts";

type Listener = (reason: unknown) => void;
interface ProcessLike {
  on?(event: "unhandledRejection", listener: Listener): void;
  off?(event: "unhandledRejection", listener: Listener): void;
  listenerCount?(event: string): number;
}
const process = (globalThis as { process?: unknown }).process as ProcessLike | undefined;

/**
 * In debug mode: hands the failure of a floating promise that was made in a task or callback of `loop` to the loop's
 * exception handler, and says what it is, instead of letting it end the process. Other promises' are left as they are.
 * @returns a function that stops watching.
 */
export function watchFloating(loop: EventLoop): () => void {
  // Who listens already has decided what becomes of them.
  if (process?.on === undefined || (process.listenerCount?.("unhandledRejection") ?? 0) > 0) return () => {};
  const listener: Listener = (reason) => {
    const scope = currentScope();
    if (scope?._loop !== loop) throw reason;
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
