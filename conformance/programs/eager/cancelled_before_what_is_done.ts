import * as asyncio from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A task that is cancelled while it runs does not hear of it where it awaits an eager task that is done. */
export default async function main(log: Log): Promise<void> {
  const loop = asyncio.getRunningLoop();

  async function returns(): Promise<string> {
    return "done";
  }

  async function returnsDeeply(): Promise<string> {
    return await returns();
  }

  const cancels = (task: asyncio.Task<unknown> | null) => async () => {
    task?.cancel("by the eager one");
    return await returns();
  };

  const eager = (coro: () => Promise<string>) => asyncio.createTask(coro, { eagerStart: true });

  const functions: Record<string, () => Promise<void>> = {
    async awaits_alone() {
      asyncio.currentTask()?.cancel("by itself");
      log(await eager(returns));
      log(await eager(returnsDeeply));
    },
    async awaits_a_shield() {
      asyncio.currentTask()?.cancel("by itself");
      log(await asyncio.shield(eager(returnsDeeply)));
    },
    async awaits_a_gather() {
      asyncio.currentTask()?.cancel("by itself");
      const [result] = await asyncio.gather(eager(returnsDeeply));
      log(result);
    },
    async is_cancelled_by_it() {
      log(await asyncio.shield(eager(cancels(asyncio.currentTask()))));
    },
  };

  for (const [name, fn] of Object.entries(functions)) {
    for (const wait of [false, true]) {
      const body = async (): Promise<void> => {
        await fn();
        if (!wait) return;
        log("waits");
        await loop.createFuture();
      };

      try {
        await asyncio.createTask(body, { name });
      } catch (error) {
        log(describe(error));
      }
    }
  }
}
