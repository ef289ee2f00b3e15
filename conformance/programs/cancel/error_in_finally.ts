import { createTask, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An error in finally replaces the cancellation. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      await sleep(1);
      throw new Boom("from finally");
    }
  }

  const task = createTask(() => child());
  await sleep(0);
  task.cancel();
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
  log(show(task.cancelled()));
}
