import { createTask, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** Cancelling a task that awaits a task cancels the innermost first; the message goes down and up. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log(`inner ${describe(error)}`);
      throw error;
    }
  }

  async function middle(): Promise<void> {
    try {
      await createTask(() => inner(), { name: "inner" });
    } catch (error) {
      log(`middle ${describe(error)}`);
      throw error;
    }
  }

  const task = createTask(() => middle(), { name: "middle" });
  await sleep(1);
  task.cancel("down");
  try {
    await task;
  } catch (error) {
    log(`main ${describe(error)}`);
  }
}
