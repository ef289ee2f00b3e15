import { Condition, createTask, gather, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** notify(n) wakes so many waiters; each goes on only when it has the lock again. */
export default async function main(log: Log): Promise<void> {
  const cond = new Condition();

  async function waiter(name: string): Promise<void> {
    await cond.with(async () => {
      log(`${name} waits`);
      log(`${name} ${show(await cond.wait())}`);
      await sleep(1);
      log(`${name} leaves`);
    });
  }

  const tasks = ["a", "b", "c", "d"].map((name) => createTask(() => waiter(name)));
  await sleep(1);
  await cond.with(async () => {
    cond.notify(2);
    log("notified 2");
    await sleep(1);
    log("main leaves");
  });
  await sleep(5);
  await cond.with(async () => {
    cond.notifyAll();
  });
  await gather(...tasks);
}
