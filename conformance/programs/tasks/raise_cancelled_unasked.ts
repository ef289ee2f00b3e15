import { CancelledError, createTask, currentTask } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A task that raises CancelledError without having been asked ends cancelled. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    throw new CancelledError("own idea");
  }

  const task = createTask(() => child());
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
  log(`${show(task.cancelled())} ${task.cancelling()} ${currentTask()!.cancelling()}`);
}
