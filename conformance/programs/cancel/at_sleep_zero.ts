import { createTask, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A cancellation that comes while a task is between turns is raised at its next step. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      log("yields");
      await sleep(0);
      log("never");
    } catch (error) {
      log(describe(error));
      throw error;
    }
  }

  const task = createTask(() => child());
  await sleep(0);
  task.cancel("zero");
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
}
