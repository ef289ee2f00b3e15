import { createTask, sleep, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** An eager task that has begun is cancelled where it waits. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      log("begins");
      await sleep(0);
      log("never");
    } catch (error) {
      log(describe(error));
      throw error;
    }
  }

  const task = createTask(() => child(), { eagerStart: true });
  task.cancel("at once");
  await wait([task]);
  log(show(task.cancelled()));
}
