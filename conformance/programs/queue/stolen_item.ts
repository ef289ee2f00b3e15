import { createTask, Queue, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A get_nowait can take the item from a getter that was woken; it waits again. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<string>();

  async function getter(): Promise<void> {
    log(`got ${await queue.get()}`);
  }

  const task = createTask(() => getter());
  await sleep(0);
  queue.putNowait("first");
  log(`stolen ${queue.getNowait()}`);
  await sleep(1);
  log(show(task.done()));
  queue.putNowait("second");
  await task;
}
