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

/**
 * Calls `give`, which gives `loop` something to do from outside: an idle loop goes on before this returns, and not in the
 * host's next turn. Call it where nothing of the loop's, and nothing of the user's, is below you on the stack.
 */
export function enter<R>(loop: EventLoop, give: () => R): R {
  const isIdle = loop._wakeHere();
  const given = give();
  if (isIdle) loop._goOnHere();
  return given;
}
