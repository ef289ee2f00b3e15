import { type ExceptionGroup, sleep, taskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

class Crash extends Error {
  override name = "Crash";
}

/** The part of a task group's errors that is known is handled, the rest is raised again. */
export default async function main(log: Log): Promise<void> {
  async function fails(error: Error): Promise<void> {
    await sleep(1);
    throw error;
  }

  async function parent(): Promise<void> {
    try {
      await taskGroup(async (group) => {
        for (const error of [new Boom("a"), new Crash("b"), new Boom("c")]) group.createTask(() => fails(error));
      });
    } catch (error) {
      const [known, rest] = (error as ExceptionGroup).split(Boom);
      log(describe(known));
      throw rest;
    }
  }

  try {
    await parent();
  } catch (error) {
    log(describe(error));
  }
}
