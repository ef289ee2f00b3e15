import { currentTask, sleep, taskGroup } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** One failing child cancels its siblings; the error comes in a group, even alone. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<void> {
    try {
      await sleep(delay);
    } catch (error) {
      log(`${name} ${describe(error)}`);
      throw error;
    }
    throw new Boom(name);
  }

  try {
    await taskGroup(async (group) => {
      group.createTask(() => child("a", 1));
      group.createTask(() => child("b", 2));
      group.createTask(() => child("c", 3));
      log("body ends");
    });
  } catch (error) {
    log(describe(error));
  }
  log(show(currentTask()!.cancelling()));
}
