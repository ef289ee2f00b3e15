import { gather, Queue, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A bounded queue holds the producer back. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<number>(2);

  async function producer(): Promise<void> {
    for (let n = 0; n < 5; n++) {
      await queue.put(n);
      log(`put ${n}, ${queue.qsize()} in the queue`);
    }
  }

  async function consumer(): Promise<void> {
    for (let n = 0; n < 5; n++) {
      await sleep(1);
      log(`got ${await queue.get()}`);
    }
  }

  await gather(
    () => producer(),
    () => consumer(),
  );
  log(`${show(queue.empty())} ${show(queue.full())} ${queue.maxsize}`);
}
