import { createTask, Queue, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** join() waits until task_done() was called for every item. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<number>();

  async function worker(): Promise<void> {
    for (;;) {
      const item = await queue.get();
      await sleep(item);
      log(`${item} is done`);
      queue.taskDone();
    }
  }

  const task = createTask(() => worker());
  for (const item of [1, 2]) queue.putNowait(item);
  await queue.join();
  log("joined");
  await queue.join();
  log("joined at once");
  task.cancel();
  try {
    queue.taskDone();
  } catch (error) {
    log(describe(error));
  }
}
