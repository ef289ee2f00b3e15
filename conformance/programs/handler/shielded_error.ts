import { createTask, shield, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An error in a shielded task that nobody waits for any more is reported. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<void> {
    await sleep(2);
    throw new Boom("inner");
  }

  async function outer(): Promise<void> {
    await shield(task);
  }

  const task = createTask(() => inner());
  const waiter = createTask(() => outer());
  await sleep(1);
  waiter.cancel();
  await sleep(5);
  log(`${show(waiter.cancelled())} ${describe(task.exception())}`);
}
