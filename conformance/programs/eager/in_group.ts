import { sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Eager children of a group: one that fails at once does not interrupt the body before its next await. */
export default async function main(log: Log): Promise<void> {
  async function fails(): Promise<void> {
    log("fails at once");
    throw new Boom("eager");
  }

  try {
    await taskGroup(async (group) => {
      group.createTask(() => fails(), { eagerStart: true });
      log("body goes on");
      await sleep(0);
      log("one more turn");
      await sleep(0);
      log("never");
    });
  } catch (error) {
    log(describe(error));
  }
}
