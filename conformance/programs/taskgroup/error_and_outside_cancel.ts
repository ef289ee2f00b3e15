import { createTask, currentTask, sleep, taskGroup, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An error wins over an outside cancellation, which is delivered at the next await. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      throw new Boom("child");
    }
  }

  async function parent(): Promise<void> {
    try {
      await taskGroup(async (group) => {
        group.createTask(() => child());
      });
    } catch (error) {
      log(`${describe(error)} ${currentTask()!.cancelling()}`);
    }
    try {
      await sleep(1);
      log("never");
    } catch (error) {
      log(describe(error));
      throw error;
    }
  }

  const task = createTask(() => parent());
  await sleep(1);
  task.cancel("outside");
  await wait([task]);
  log(`${show(task.cancelled())} ${task.cancelling()}`);
}
