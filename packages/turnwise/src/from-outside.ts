/** What code needs that works beside a loop and is not part of it: executors, interpreters. */
import { runInScope } from "#async-context";
import type { EventLoop } from "./events.ts";

/**
 * Calls `fn` as code that belongs to no task, and to no loop: what it opens (a connection, a pool) is not taken for the
 * work of the task that happened to come first.
 */
export function outsideTasks<R>(fn: () => R): R {
  return runInScope(undefined, fn);
}

/** Whether anybody watches `loop`: only then is there a use for what nothing but a recording shows. */
export function isWatched(loop: EventLoop): boolean {
  return loop._watch !== null;
}
