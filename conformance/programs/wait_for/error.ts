import { createTask, currentTask, sleep, waitFor } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** wait_for hands the error through; so does a cleanup that fails after the time is up. */
export default async function main(log: Log): Promise<void> {
  async function fails(): Promise<void> {
    await sleep(1);
    throw new Boom("in time");
  }

  async function failsLate(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      throw new Boom("while cancelled");
    }
  }

  for (const make of [fails, failsLate]) {
    for (const wrap of [() => make, () => createTask(make)]) {
      try {
        await waitFor(wrap(), 2);
      } catch (error) {
        log(`${describe(error)} ${currentTask()!.cancelling()}`);
      }
    }
  }
}
