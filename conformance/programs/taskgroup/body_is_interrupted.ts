import { currentTask, sleep, taskGroup } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A failing child interrupts the body where it waits. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    await sleep(1);
    throw new Boom("child");
  }

  try {
    await taskGroup(async (group) => {
      group.createTask(() => child());
      try {
        await sleep(10);
      } catch (error) {
        log(`${describe(error)} ${currentTask()!.cancelling()}`);
        throw error;
      }
    });
  } catch (error) {
    log(describe(error));
  }
  log(show(currentTask()!.cancelling()));
}
