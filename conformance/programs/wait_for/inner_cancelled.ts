import { createTask, currentTask, getRunningLoop, sleep, waitFor } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** If what is awaited is cancelled by somebody else, wait_for raises CancelledError. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    await sleep(10);
  }

  const task = createTask(() => child());
  getRunningLoop().callLater(1, () => task.cancel());
  try {
    await waitFor(task, 5);
  } catch (error) {
    log(`${describe(error)} ${currentTask()!.cancelling()}`);
  }
}
