import { createTask, shield, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Cancelling the shield itself ends it at once; the inner task goes on. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<void> {
    await sleep(2);
    log("inner ends");
  }

  const task = createTask(() => inner());
  const outer = shield(task);
  await sleep(1);
  log(show(outer.cancel("shield")));
  log(`${show(outer.cancelled())} ${show(task.done())}`);
  try {
    await outer;
  } catch (error) {
    log(describe(error));
  }
  await task;
}
