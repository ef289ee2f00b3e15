import { createTask, currentTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A cancelled child makes gather fail with CancelledError, but not be cancelled. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    await sleep(5);
  }

  const a = createTask(() => child());
  const b = createTask(() => child());
  const outer = gather(a, b);
  await sleep(1);
  a.cancel("child");
  try {
    await outer;
  } catch (error) {
    log(describe(error));
  }
  log(`${show(outer.cancelled())} ${show(outer.done())} ${show(b.done())} ${currentTask()!.cancelling()}`);
  log(describe(outer.exception()));
  await b;
}
