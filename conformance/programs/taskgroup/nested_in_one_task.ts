import { currentTask, sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** The outer group's failure interrupts the inner group's block in the same task. */
export default async function main(log: Log): Promise<void> {
  async function fails(): Promise<void> {
    await sleep(1);
    throw new Boom("outer child");
  }

  async function lives(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      log("inner child ends");
    }
  }

  try {
    await taskGroup(async (outer) => {
      outer.createTask(() => fails());
      try {
        await taskGroup(async (inner) => {
          inner.createTask(() => lives());
        });
      } catch (error) {
        log(`inner ${describe(error)} ${currentTask()!.cancelling()}`);
        throw error;
      }
    });
  } catch (error) {
    log(`outer ${describe(error)} ${currentTask()!.cancelling()}`);
  }
}
