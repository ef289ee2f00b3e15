import { createTask, sleep, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Cancelling a task in wait leaves what it waits for alone. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    await sleep(3);
    log(`${name} ends`);
  }

  async function parent(): Promise<void> {
    try {
      await wait(tasks);
    } catch (error) {
      log(describe(error));
      throw error;
    }
  }

  const tasks = ["a", "b"].map((name) => createTask(() => child(name)));
  const waiter = createTask(() => parent());
  await sleep(1);
  waiter.cancel("only me");
  await wait(tasks);
  log(show([waiter.cancelled(), tasks[0]!.done(), tasks[1]!.done()]));
}
