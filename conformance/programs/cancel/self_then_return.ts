import { createTask, currentTask } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A task that returns with a cancellation pending ends cancelled. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    currentTask()!.cancel("late");
    log("returns");
    return "lost";
  }

  const task = createTask(() => child());
  try {
    log(await task);
  } catch (error) {
    log(describe(error));
  }
  log(`${show(task.cancelled())} ${task.cancelling()}`);
}
