/** Task factories: what makes the tasks of a loop. */
import type { AwaitableLike } from "./coroutines.ts";
import type { EventLoop } from "./events.ts";
import { Task, type TaskOptions } from "./tasks.ts";

/** Makes the tasks of a loop, in place of `new Task`: see `EventLoop.setTaskFactory`. */
export type TaskFactory = <T>(loop: EventLoop, coro: AwaitableLike<T>, options: TaskOptions) => Task<T>;

/** A task factory that starts every task eagerly: `asyncio.eager_task_factory`. */
export const eagerTaskFactory: TaskFactory = createEagerTaskFactory(Task);

/** A task factory that starts tasks of a class of your own eagerly: `asyncio.create_eager_task_factory`. */
export function createEagerTaskFactory(taskClass: typeof Task): TaskFactory {
  return (loop, coro, options) => new taskClass(coro, { eagerStart: true, ...options }, loop);
}
