import { CancelledError, currentTask, sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A body that raises CancelledError of its own cancels the children and comes out. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      log("child ends");
    }
  }

  try {
    await taskGroup(async (group) => {
      group.createTask(() => child());
      await sleep(1);
      throw new CancelledError("own");
    });
  } catch (error) {
    log(`${describe(error)} ${currentTask()!.cancelling()}`);
  }
}
