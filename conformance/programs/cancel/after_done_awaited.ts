import { createTask, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A task that awaits a task that has just ended is cancelled at the wake-up. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<string> {
    log("inner ends");
    return "value";
  }

  const task = createTask(() => inner());
  const waiter = createTask(async () => {
    try {
      log(await task);
    } catch (error) {
      log(describe(error));
    }
  });
  task.addDoneCallback(() => waiter.cancel("in between"));
  await sleep(0);
  await sleep(0);
  await waiter;
  log(`${task.result()} ${show(waiter.cancelled())}`);
}
