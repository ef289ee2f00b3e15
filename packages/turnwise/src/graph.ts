/** Who waits for what. */
import { Future } from "./futures.ts";
import { PromiseFuture } from "./interruptible.ts";
import { Task } from "./tasks.ts";

/** What a task waits for, in words. */
export function describeWait(task: Task<unknown>): string {
  if (task._extra?.foreign === true) return "waits for a promise that is not Turnwise's";
  const awaits = task._awaits();
  if (awaits.length === 0) return "has not begun to wait";
  return `waits for ${awaits.map(describeAwaited).join(", and for ")}`;
}

function describeAwaited(future: Future<unknown> | null): string {
  if (future === null) return "its next turn";
  if (future instanceof Task) return `the task ${future.getName()}`;
  if (future instanceof PromiseFuture) return "a promise that is not Turnwise's";
  return future.constructor === Future ? "a future" : `a ${future.constructor.name}`;
}
