import { sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A group that shuts down takes no more tasks. */
export default async function main(log: Log): Promise<void> {
  try {
    await taskGroup(async (group) => {
      const child = async (): Promise<void> => {
        try {
          await sleep(10);
        } finally {
          try {
            group.createTask(child);
          } catch (error) {
            log(describe(error));
          }
        }
      };
      group.createTask(child);
      await sleep(1);
      throw new Boom("body");
    });
  } catch (error) {
    log(describe(error));
  }
}
