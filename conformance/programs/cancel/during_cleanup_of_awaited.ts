import { createTask, sleep, type Task, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A second cancel goes to the inner task that is still cleaning up. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<void> {
    try {
      await sleep(10);
    } finally {
      log("inner cleans");
      try {
        await sleep(5);
      } catch (error) {
        log(`inner again ${describe(error)}`);
      }
    }
  }

  async function outer(): Promise<void> {
    try {
      await task;
    } catch (error) {
      log(`outer ${describe(error)}`);
      throw error;
    }
  }

  const task = createTask(() => inner(), { name: "inner" });
  const waiter = createTask(() => outer(), { name: "outer" });
  await sleep(1);
  waiter.cancel("one");
  await sleep(1);
  log(`${show(waiter.done())} ${show(task.done())} ${waiter.cancelling()}`);
  waiter.cancel("two");
  await wait([waiter, task] as Task<unknown>[]);
  log(`${show(waiter.cancelled())} ${show(task.cancelled())} ${waiter.cancelling()} ${task.cancelling()}`);
}
