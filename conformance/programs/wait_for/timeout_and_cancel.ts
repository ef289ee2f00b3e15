import { createTask, currentTask, gather, sleep, waitFor } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A cancel that comes while the timed-out task cleans up wins over the timeout. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log("cleaning");
      await sleep(5);
      throw error;
    }
  }

  async function parent(): Promise<void> {
    try {
      await waitFor(() => child(), 1);
    } catch (error) {
      log(`${describe(error)} ${currentTask()!.cancelling()}`);
      throw error;
    }
  }

  const task = createTask(() => parent());
  await sleep(2);
  task.cancel("outside");
  log(show(await gather([task], { returnExceptions: true })));
}
