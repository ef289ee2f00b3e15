import * as asyncio from "turnwise";
import { describe, type Log, show } from "../../log.ts";

/** The creator cancels eager tasks: one that is done does not hear of it, the others where they wait. */
export default async function main(log: Log): Promise<void> {
  const loop = asyncio.getRunningLoop();

  async function returns(): Promise<string> {
    return "done";
  }

  async function cancelsItself(): Promise<string> {
    asyncio.currentTask()?.cancel("by itself");
    return "never";
  }

  async function cancelsItselfAndWaits(): Promise<string> {
    asyncio.currentTask()?.cancel("by itself");
    return await loop.createFuture<string>();
  }

  async function waits(): Promise<string> {
    try {
      await asyncio.gather(
        () => sleeps("one"),
        () => sleeps("two"),
      );
    } finally {
      log("cleans up");
      await asyncio.sleep(0);
      log("is clean");
    }
    return "never";
  }

  async function sleeps(name: string): Promise<void> {
    try {
      await asyncio.sleep(3600);
    } catch (error) {
      log(`${name}: ${describe(error)}`);
      throw error;
    }
  }

  for (const fn of [returns, cancelsItself, cancelsItselfAndWaits, waits]) {
    const task = asyncio.createTask(fn, { eagerStart: true });
    loop.callSoon(log, "soon before");
    task.cancel("by its creator");
    loop.callSoon(log, "soon after");
    try {
      log(`${await task}, cancelling ${task.cancelling()}`);
    } catch (error) {
      log(`${describe(error)}, cancelling ${task.cancelling()}, ${show(task.cancelled())}`);
    }
  }
}
