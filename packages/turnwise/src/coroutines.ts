/** What may be passed where asyncio takes a coroutine or an awaitable, and what becomes of it. */
import { describe } from "./describe.ts";
import type { EventLoop } from "./events.ts";
import { Future } from "./futures.ts";
import { adopt } from "./interruptible.ts";
import { getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import type { Task, TaskOptions } from "./tasks.ts";
import { FREE_TURN, isOurs, isThenable } from "./thenable.ts";

/** What Python calls a coroutine: a function that Turnwise starts, in a task of its own. */
export type Coro<T> = () => PromiseLike<T>;

/** Whatever takes a coroutine in asyncio takes here a function to start, or a promise, future or task to adopt. */
export type AwaitableLike<T> = Coro<T> | PromiseLike<T>;

/** The result of an {@link AwaitableLike}. */
export type ResultOf<A> = A extends () => PromiseLike<infer T> ? T : A extends PromiseLike<infer T> ? T : never;

/**
 * Starts `coro` in a task of its own on the running loop, in its next iteration: `asyncio.create_task`.
 *
 * Pass the function, not its promise: `createTask(() => fetchUser(1))`. A promise has begun already, and can only be
 * adopted.
 *
 * @throws RuntimeError if no loop runs; TypeError if `coro` is neither a function nor a promise.
 */
export function createTask<T>(coro: AwaitableLike<T>, options?: TaskOptions): Task<T> {
  return getRunningLoop().createTask(coro, options);
}

/**
 * A future for anything that can be awaited: `asyncio.ensure_future`. A future or task is returned as it is, a function
 * is started in a task, a promise that is not ours is followed: cancelling gives up waiting for it.
 */
export function ensureFuture<T>(
  awaitable: AwaitableLike<T>,
  options?: { readonly loop?: EventLoop | undefined },
): Future<T> {
  if (awaitable instanceof Future) return awaitable as Future<T>;
  const loop = options?.loop ?? getRunningLoop();
  if (typeof awaitable === "function") return loop.createTask(awaitable);
  if (isThenable(awaitable)) return adopt(loop, awaitable);
  throw new TypeError(expected(awaitable));
}

/** The function that a task runs for what the user passed. */
export function asCoro<T>(coro: AwaitableLike<T>, loop: EventLoop): Coro<T> {
  return typeof coro === "function" ? coro : awaiting(coro, loop);
}

/** A function that awaits what is none. Apart, as its closures would cost every function that is passed memory. */
function awaiting<T>(coro: PromiseLike<T>, loop: EventLoop): Coro<T> {
  if (isOurs(coro)) return () => ((coro as unknown) === FREE_TURN ? sleep<T>(0, undefined as T) : coro);
  if (isThenable(coro)) {
    // Followed from the first step on; if the task is cancelled before, nobody else would hear of a failure.
    coro.then(undefined, () => {});
    return () => adopt(loop, coro);
  }
  throw new TypeError(expected(coro));
}

/** Waits for an awaitable in the task that calls this: a function is called, a foreign promise can be given up. */
export function inCurrentTask<T>(awaitable: AwaitableLike<T>): PromiseLike<T> {
  if (typeof awaitable === "function") return awaitable();
  return isOurs(awaitable) ? awaitable : ensureFuture(awaitable);
}

function expected(got: unknown): string {
  return `a coroutine was expected (a function that returns a promise) or a promise, got ${describe(got)}`;
}

/** The tasks of a loop (by default the running one) that are not done, oldest first: `asyncio.all_tasks`. */
export function allTasks(loop: EventLoop = getRunningLoop()): Set<Task<unknown>> {
  return loop.allTasks();
}
