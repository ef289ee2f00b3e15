import { currentTask, sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** If the body swallows the interruption, the errors still come out at its end. */
export default async function main(log: Log): Promise<void> {
  async function fails(): Promise<void> {
    await sleep(1);
    throw new Boom("child");
  }

  try {
    await taskGroup(async (group) => {
      group.createTask(() => fails());
      try {
        await sleep(10);
      } catch {
        log("swallowed");
      }
      await sleep(1);
      log("body ends");
    });
  } catch (error) {
    log(`${describe(error)} ${currentTask()!.cancelling()}`);
  }
}
