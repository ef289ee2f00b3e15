import { createTask, Queue, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** After shutdown() nothing can be put; getters get what is left, then QueueShutDown. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<number>(2);

  async function put(item: number): Promise<void> {
    try {
      await queue.put(item);
      log(`put ${item}`);
    } catch (error) {
      log(`${item} ${describe(error)}`);
    }
  }

  async function get(name: string): Promise<void> {
    try {
      log(`${name} got ${await queue.get()}`);
    } catch (error) {
      log(`${name} ${describe(error)}`);
    }
  }

  await put(1);
  await put(2);
  const blocked = createTask(() => put(3));
  await sleep(1);
  queue.shutdown();
  await blocked;
  await put(4);
  for (const name of ["a", "b", "c"]) await get(name);
}
