import { createTask, sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** Cancelling the parent cancels the children, and CancelledError comes out with its message. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log(`${name} ${describe(error)}`);
      await sleep(1);
      log(`${name} has cleaned up`);
      throw error;
    }
  }

  async function parent(): Promise<void> {
    await taskGroup(async (group) => {
      group.createTask(() => child("a"));
      group.createTask(() => child("b"));
    });
    log("never");
  }

  const task = createTask(() => parent(), { name: "parent" });
  await sleep(1);
  task.cancel("outside");
  try {
    await task;
  } catch (error) {
    log(`${describe(error)} ${task.cancelling()}`);
  }
}
