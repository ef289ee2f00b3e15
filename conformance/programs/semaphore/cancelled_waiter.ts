import { createTask, gather, Semaphore, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A waiter that is cancelled after it was given its slot gives it to the next. */
export default async function main(log: Log): Promise<void> {
  const sem = new Semaphore(0);

  async function waiter(name: string): Promise<void> {
    try {
      await sem.acquire();
      log(`${name} in`);
    } catch {
      log(`${name} cancelled`);
    }
  }

  const tasks = ["a", "b", "c"].map((name) => createTask(() => waiter(name)));
  await sleep(0);
  sem.release();
  tasks[0]!.cancel();
  await sleep(1);
  log(show(tasks.map((task) => task.done())));
  sem.release();
  await gather(...tasks);
  log(show(sem.locked()));
}
