/** `toThread`: blocking code without a blocked loop. */
import type { Future } from "../futures.ts";
import { getRunningLoop } from "../running.ts";
import { defaultExecutor } from "./executors.ts";
import { travellingVariables } from "./thread-context.ts";
import type { FunctionReference } from "./function-references.ts";
import { ThreadPoolExecutor } from "./thread-pool.ts";

/**
 * Calls `fn(...args)` in a thread, so that the loop can go on meanwhile: `asyncio.to_thread`.
 *
 * ```ts
 * // hash.ts
 * export function hash(password: string): Buffer {
 *   return scryptSync(password, "salt", 64); // Takes 50 ms, and blocks its thread.
 * }
 *
 * // main.ts
 * const { hash } = functionsOf<typeof import("./hash.ts")>(new URL("./hash.ts", import.meta.url));
 * const key = await toThread(hash, "secret");
 * ```
 *
 * A module's URL stands for its default export. Arguments are cloned when a thread takes them, and results; or they are
 * moved (see {@link FunctionReference.with}, {@link transferring}). An instance of a class arrives as a plain object. The
 * function may be async, and may `run` a loop of its own; what it leaves behind runs only beside the thread's next job.
 * What it throws is thrown here, with the thread's stack.
 *
 * A copy of the context variables goes with it: those whose values can be cloned. In the thread a variable is known by
 * its name.
 *
 * It runs in the loop's default executor: if {@link setDefaultExecutor} has set one that is no pool of threads, there,
 * and without context variables.
 *
 * Cancelling gives up waiting: see {@link ThreadPoolExecutor.submit}.
 * @throws RuntimeError after {@link shutdownDefaultExecutor}, and where the package piscina is missing; TypeError where
 * `fn` is a JavaScript function.
 */
export function toThread<A extends unknown[], R>(fn: FunctionReference<A, R> | URL, ...args: NoInfer<A>): Future<R> {
  const executor = defaultExecutor(getRunningLoop());
  if (!(executor instanceof ThreadPoolExecutor)) return executor.submit<A, R>(fn, args);
  return executor._submit(fn, args, undefined, travellingVariables());
}
