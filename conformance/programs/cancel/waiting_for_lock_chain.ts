import { createTask, gather, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A task that cancels a whole chain in one step leaves them in order. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log(`${name} cancelled`);
      throw error;
    }
  }

  const tasks = ["a", "b", "c", "d"].map((name) => createTask(() => child(name)));
  await sleep(1);
  for (const n of [3, 0, 2, 1]) tasks[n]!.cancel();
  log(show(await gather(tasks, { returnExceptions: true })));
}
