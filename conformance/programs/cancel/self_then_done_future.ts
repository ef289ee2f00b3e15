import { createTask, currentTask, getRunningLoop, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A pending cancellation is not delivered at a future that is already done. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  async function child(): Promise<void> {
    const done = loop.createFuture<string>();
    done.setResult("value");
    currentTask()!.cancel();
    log(await done);
    try {
      await sleep(0);
    } catch (error) {
      log(describe(error));
    }
  }

  await createTask(() => child());
}
