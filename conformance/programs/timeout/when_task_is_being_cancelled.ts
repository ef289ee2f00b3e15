import { currentTask, sleep, timeout } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A timeout entered by a task that has been cancelled already still works. */
export default async function main(log: Log): Promise<void> {
  const task = currentTask()!;
  task.cancel("before");
  try {
    await sleep(0);
  } catch (error) {
    log(describe(error));
  }
  try {
    await timeout(1, async () => {
      await sleep(10);
    });
  } catch (error) {
    log(`${describe(error)} ${task.cancelling()}`);
  }
  task.uncancel();
}
