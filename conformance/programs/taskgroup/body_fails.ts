import { sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

class Crash extends Error {
  override name = "Crash";
}

/** An error of the body cancels the children and comes last in the group. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    try {
      await sleep(10);
    } catch {
      log(`${name} cancelled`);
      throw new Boom(name);
    }
  }

  try {
    await taskGroup(async (group) => {
      group.createTask(() => child("a"));
      group.createTask(() => child("b"));
      await sleep(1);
      throw new Crash("body");
    });
  } catch (error) {
    log(describe(error));
  }
}
