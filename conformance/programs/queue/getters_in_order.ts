import { createTask, gather, Queue, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Getters are served in the order in which they came. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<number>();

  async function getter(name: string): Promise<void> {
    log(`${name} got ${await queue.get()}`);
  }

  const tasks = ["a", "b", "c"].map((name) => createTask(() => getter(name)));
  await sleep(1);
  for (let n = 0; n < 3; n++) queue.putNowait(n);
  log("put 3");
  await gather(...tasks);
}
