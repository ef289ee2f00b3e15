import { createTask, shield, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A shielded task is cancelled at the end of the program all the same. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<void> {
    try {
      await sleep(100);
    } catch (error) {
      log("inner cancelled");
      throw error;
    }
  }

  async function outer(): Promise<void> {
    await shield(() => inner());
  }

  const task = createTask(() => outer());
  await sleep(1);
  task.cancel();
  await sleep(1);
  log(`${show(task.cancelled())}, main ends`);
}
