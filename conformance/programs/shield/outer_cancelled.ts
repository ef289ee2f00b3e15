import { createTask, shield, sleep, type Task } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Cancelling the one who awaits a shield leaves the inner task running. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<string> {
    await sleep(3);
    log("inner ends");
    return "kept";
  }

  async function outer(task: Task<string>): Promise<void> {
    try {
      await shield(task);
    } catch (error) {
      log(describe(error));
      throw error;
    }
  }

  const task = createTask(() => inner(), { name: "inner" });
  const waiter = createTask(() => outer(task), { name: "outer" });
  await sleep(1);
  waiter.cancel("only you");
  await sleep(0);
  log(`${show(waiter.done())} ${show(task.done())}`);
  await sleep(0);
  log(`${show(waiter.cancelled())} ${show(task.done())}`);
  log(await task);
}
