import { createTask, sleep, waitFor } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** An outside cancellation goes through wait_for to the awaited task and is not a timeout. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log(`child ${describe(error)}`);
      throw error;
    }
  }

  async function parent(): Promise<void> {
    try {
      await waitFor(
        createTask(() => child(), { name: "child" }),
        5,
      );
    } catch (error) {
      log(`parent ${describe(error)}`);
      throw error;
    }
  }

  const task = createTask(() => parent(), { name: "parent" });
  await sleep(1);
  task.cancel("outside");
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
}
