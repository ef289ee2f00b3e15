import * as asyncio from "turnwise";
import type { Log } from "../../log.ts";

/** A callback that the creator adds to an eager task has its place among what the creator leaves with the loop. */
export default async function main(log: Log): Promise<void> {
  class Boom extends Error {
    override name = "Boom";
  }
  const loop = asyncio.getRunningLoop();

  async function returns(): Promise<void> {
    loop.callSoon(log, "left by the one that returns");
    asyncio.currentTask()?.addDoneCallback(() => log("its own callback"));
  }

  async function fails(): Promise<void> {
    throw new Boom("at once");
  }

  async function waits(): Promise<void> {
    loop.callSoon(log, "left by the one that waits");
    await asyncio.sleep(0);
    log("the one that waited goes on");
  }

  for (const fn of [returns, fails, waits]) {
    const name = fn.name;
    loop.callSoon(log, `before ${name}`);
    const task = asyncio.createTask(() => fn(), { eagerStart: true });
    loop.callSoon(log, `after ${name}`);
    task.addDoneCallback(() => log(`${name}: ${(task.exception() as Error | null)?.message ?? "None"}`));
    loop.callSoon(log, `last of ${name}`);
    const twice = () => log(`${name} once more`);
    task.addDoneCallback(twice);
    if (fn === waits) log(`removed ${task.removeDoneCallback(twice)}`);
  }
  await asyncio.sleep(1);
}
