import { Condition, createTask, sleep, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A cancelled waiter takes the lock again before it lets the cancellation go. */
export default async function main(log: Log): Promise<void> {
  const cond = new Condition();

  async function waiter(): Promise<void> {
    await cond.with(async () => {
      try {
        await cond.wait();
      } catch (error) {
        log(`${describe(error)} ${show(cond.locked())}`);
        throw error;
      }
    });
  }

  const task = createTask(() => waiter());
  await sleep(1);
  await cond.with(async () => {
    task.cancel("while main has the lock");
    await sleep(2);
    log("main leaves");
  });
  await wait([task]);
  log(`${show(task.cancelled())} ${show(cond.locked())}`);
}
