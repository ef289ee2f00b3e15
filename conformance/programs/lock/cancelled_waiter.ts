import { createTask, gather, Lock, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A waiter that is cancelled leaves the queue. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();

  async function worker(name: string): Promise<void> {
    try {
      await lock.with(async () => {
        log(`${name} has it`);
        await sleep(2);
      });
    } catch (error) {
      log(`${name} cancelled`);
      throw error;
    }
  }

  const tasks = ["a", "b", "c"].map((name) => createTask(() => worker(name)));
  await sleep(1);
  tasks[1]!.cancel();
  log(show(await gather(tasks, { returnExceptions: true })));
  log(show(lock.locked()));
}
