import { asCompleted, createTask, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Cancelling the task that iterates leaves the others alone. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    await sleep(3);
    log("ends");
  }

  async function parent(): Promise<void> {
    try {
      for await (const _ of asCompleted(tasks)) log("one");
    } catch (error) {
      log(describe(error));
      throw error;
    }
  }

  const tasks = [0, 1].map(() => createTask(() => child()));
  const waiter = createTask(() => parent());
  await sleep(1);
  waiter.cancel("me");
  await sleep(3);
  log(show([waiter.cancelled(), ...tasks.map((task) => task.cancelled())]));
}
