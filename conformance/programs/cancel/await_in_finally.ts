import { createTask, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A finally block may await; a second cancel interrupts it there. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      try {
        log("cleaning up");
        await sleep(5);
        log("never");
      } catch (error) {
        log(`interrupted ${describe(error)}`);
        throw error;
      }
    }
  }

  const task = createTask(() => child());
  await sleep(1);
  task.cancel("one");
  await sleep(1);
  task.cancel("two");
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
  log(show(task.cancelling()));
}
