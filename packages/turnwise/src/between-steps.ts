/** What tasks do between steps of the loop: after promises that are not Turnwise's. */
import { currentScope } from "#async-context";
import { systemTime } from "#clock";
import { process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Task } from "./tasks.ts";

interface AsyncHooks {
  createHook(hooks: { before(): void; after(): void }): { enable(): void; disable(): void };
}

/**
 * Times what a task does after a promise that is not Turnwise's: the loop has no part in it, but the platform tells when
 * it begins the code that follows a promise, and when that is over.
 * @param over - is told when it is over, with the time at which it began.
 * @returns a function that ends this.
 */
export function watchBetweenSteps(loop: Scheduler, over: (task: Task<unknown>, since: number) => void): () => void {
  const hooks = process?.getBuiltinModule?.("node:async_hooks") as AsyncHooks | undefined;
  let task: Task<unknown> | null = null;
  let since = 0;
  const hook = hooks?.createHook({
    before() {
      const own = currentScope()?._task ?? null;
      task = own !== null && own._loop === loop && loop._holder !== own ? own : null;
      since = systemTime();
    },
    after() {
      if (task !== null) over(task, since);
      task = null;
    },
  });
  hook?.enable();
  return () => hook?.disable();
}
