/**
 * `turnwise/executor`: what it takes to write an executor, beside the `Executor` of `turnwise/node`. An entry of its
 * own: a program that only uses executors has no need of it.
 */
import { runInScope } from "#async-context";
import type { EventLoop } from "./events.ts";

export { Calls, checkCallOptions } from "./node/calls.ts";
export { findUncloneable } from "./node/cloning.ts";
export { Operation } from "./node/operation.ts";
export { hold, letGo, type Resource } from "./node/resources.ts";
export { packError, type PackedError, unpackError } from "./node/thread-errors.ts";

/**
 * Calls `fn` as code that belongs to no task: what it opens (a connection, a pool) is not taken for the work of the
 * task that happened to come first.
 */
export function outsideTasks<R>(fn: () => R): R {
  return runInScope(undefined, fn);
}

/** Call this before you give an idle `loop` something to do from outside: it begins at once, not in the host's next turn. */
export function wake(loop: EventLoop): void {
  loop._wake();
}

/** Whether anybody watches `loop`: only then is there a use for what nothing but a recording shows. */
export function isWatched(loop: EventLoop): boolean {
  return loop._watch !== null;
}
