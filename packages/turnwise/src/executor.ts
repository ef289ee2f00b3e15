/**
 * `turnwise/executor`: what it takes to write an executor, beside the `Executor` of `turnwise/node`. An entry of its
 * own: a program that only uses executors has no need of it.
 */
import type { EventLoop } from "./events.ts";

export { isWatched, outsideTasks } from "./from-outside.ts";
export { Calls, checkCallOptions } from "./node/calls.ts";
export { findUncloneable } from "./node/cloning.ts";
export { Operation } from "./node/operation.ts";
export { hold, letGo, type Resource } from "./node/resources.ts";
export { packError, type PackedError, unpackError } from "./node/thread-errors.ts";

/** Call this before you give an idle `loop` something to do from outside: it begins at once, not in the host's next turn. */
export function wake(loop: EventLoop): void {
  loop._wake();
}
