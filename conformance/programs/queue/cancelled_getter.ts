import { createTask, gather, Queue, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A getter that is cancelled after it was woken wakes the next; nothing is lost. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<string>();

  async function getter(name: string): Promise<void> {
    try {
      log(`${name} got ${await queue.get()}`);
    } catch {
      log(`${name} cancelled`);
    }
  }

  const a = createTask(() => getter("a"));
  const b = createTask(() => getter("b"));
  await sleep(0);
  queue.putNowait("item");
  a.cancel();
  await gather(a, b);
  log(show(queue.qsize()));
}
