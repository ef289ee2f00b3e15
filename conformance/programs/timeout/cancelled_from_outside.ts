import { createTask, currentTask, sleep, timeout, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** An outside cancellation is not turned into TimeoutError. */
export default async function main(log: Log): Promise<void> {
  async function worker(): Promise<void> {
    try {
      await timeout(5, async () => {
        await sleep(10);
      });
    } catch (error) {
      log(`${describe(error)} ${currentTask()!.cancelling()}`);
      throw error;
    }
  }

  const task = createTask(() => worker());
  await sleep(1);
  task.cancel("outside");
  log(show((await wait([task])).done.size > 0));
  log(show(task.cancelled()));
}
