import { Condition, createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** wait_for waits until the predicate holds, and gives its value. */
export default async function main(log: Log): Promise<void> {
  const cond = new Condition();
  let value = 0;

  function enough(): number {
    log(`looks at ${value}`);
    return value >= 2 ? value : 0;
  }

  async function waiter(): Promise<void> {
    await cond.with(async () => {
      log(`got ${await cond.waitFor(enough)}`);
    });
  }

  const task = createTask(() => waiter());
  for (let n = 0; n < 4; n++) {
    await sleep(1);
    await cond.with(async () => {
      value = n;
      cond.notify();
    });
  }
  await task;
}
