import { createTask, Lock, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Who comes between a release and the waiter's wake-up must queue. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();

  async function waiter(): Promise<void> {
    await lock.acquire();
    log("waiter has it");
    await sleep(1);
    lock.release();
  }

  await lock.acquire();
  const task = createTask(() => waiter());
  await sleep(0);
  lock.release();
  log(show(lock.locked()));
  await lock.acquire();
  log("newcomer has it");
  lock.release();
  await task;
}
