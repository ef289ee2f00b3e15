import { createTask, getRunningLoop, Semaphore, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A newcomer does not overtake a waiter that was woken. */
export default async function main(log: Log): Promise<void> {
  const sem = new Semaphore(0);

  async function waiter(): Promise<void> {
    await sem.acquire();
    log("waiter in");
  }

  const task = createTask(() => waiter());
  await sleep(0);
  sem.release();
  log(show(sem.locked()));
  getRunningLoop().callLater(1, () => sem.release());
  await sem.acquire();
  log("newcomer in");
  await task;
}
