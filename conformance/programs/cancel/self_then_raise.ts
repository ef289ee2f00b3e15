import { createTask, currentTask } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A task that fails with a cancellation pending ends with its error. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    currentTask()!.cancel("late");
    throw new Boom("first");
  }

  const task = createTask(() => child());
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
  log(`${show(task.cancelled())} ${task.cancelling()}`);
}
