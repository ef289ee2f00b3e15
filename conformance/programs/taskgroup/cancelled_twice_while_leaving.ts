import { createTask, currentTask, sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** Cancelling the parent again while its children clean up does not leave them behind. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      log("cleaning");
      await sleep(5);
      log("clean");
    }
  }

  async function parent(): Promise<void> {
    try {
      await taskGroup(async (group) => {
        group.createTask(() => child());
      });
    } finally {
      log(`parent leaves ${currentTask()!.cancelling()}`);
    }
  }

  const task = createTask(() => parent());
  await sleep(1);
  task.cancel("one");
  await sleep(1);
  task.cancel("two");
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
}
