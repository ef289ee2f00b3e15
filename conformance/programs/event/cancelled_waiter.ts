import { createTask, Event, gather, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A cancelled waiter does not disturb the others. */
export default async function main(log: Log): Promise<void> {
  const event = new Event();

  async function waiter(name: string): Promise<void> {
    try {
      await event.wait();
      log(`${name} goes on`);
    } catch (error) {
      log(`${name} ${describe(error)}`);
    }
  }

  const tasks = ["a", "b", "c"].map((name) => createTask(() => waiter(name)));
  await sleep(0);
  tasks[1]!.cancel("b");
  await sleep(0);
  event.set();
  await gather(...tasks);
}
