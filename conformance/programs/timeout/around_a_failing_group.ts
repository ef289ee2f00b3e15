import { currentTask, sleep, taskGroup, timeout } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** When the interrupted children fail, the group of errors comes out of the timeout. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      throw new Boom("while cleaning up");
    }
  }

  try {
    await timeout(1, async () => {
      await taskGroup(async (group) => {
        group.createTask(() => child());
      });
    });
  } catch (error) {
    log(describe(error));
  }
  log(show(currentTask()!.cancelling()));
}
