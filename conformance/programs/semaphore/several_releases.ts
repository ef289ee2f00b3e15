import { createTask, gather, Semaphore, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Several releases at once let several waiters in, in order. */
export default async function main(log: Log): Promise<void> {
  const sem = new Semaphore(0);

  async function waiter(name: string): Promise<void> {
    await sem.acquire();
    log(`${name} in`);
  }

  const tasks = ["a", "b", "c", "d"].map((name) => createTask(() => waiter(name)));
  await sleep(0);
  for (let n = 0; n < 3; n++) sem.release();
  log("released 3");
  await sleep(1);
  sem.release();
  sem.release();
  await gather(...tasks);
  log(show(sem.locked()));
}
