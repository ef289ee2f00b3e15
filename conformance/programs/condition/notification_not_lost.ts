import { Condition, createTask, gather, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A waiter that is cancelled after it was notified hands the notification on. */
export default async function main(log: Log): Promise<void> {
  const cond = new Condition();

  async function waiter(name: string): Promise<void> {
    await cond.with(async () => {
      try {
        await cond.wait();
        log(`${name} notified`);
      } catch {
        log(`${name} cancelled`);
      }
    });
  }

  const a = createTask(() => waiter("a"));
  const b = createTask(() => waiter("b"));
  await sleep(1);
  await cond.with(async () => {
    cond.notify();
    a.cancel();
  });
  await sleep(1);
  log(`${show(a.done())} ${show(b.done())}`);
  await cond.with(async () => {
    cond.notify();
  });
  await gather(a, b);
}
