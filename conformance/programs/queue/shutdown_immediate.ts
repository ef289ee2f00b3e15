import { createTask, gather, Queue, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** shutdown(immediate=True) empties the queue and wakes everybody, join() included. */
export default async function main(log: Log): Promise<void> {
  let queue = new Queue<number>();

  async function joiner(): Promise<void> {
    await queue.join();
    log("joined");
  }

  async function getter(name: string): Promise<void> {
    try {
      log(`${name} got ${await queue.get()}`);
    } catch (error) {
      log(`${name} ${describe(error)}`);
    }
  }

  const tasks = ["a", "b"].map((name) => createTask(() => getter(name)));
  await sleep(1);
  log("shut down");
  queue.shutdown(true);
  await gather(...tasks);

  queue = new Queue<number>();
  queue.putNowait(1);
  queue.putNowait(2);
  const waiting = createTask(() => joiner());
  await sleep(1);
  queue.shutdown(true);
  log(show(queue.qsize()));
  await waiting;
}
