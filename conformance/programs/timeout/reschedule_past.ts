import { createTask, sleep, timeout } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** Rescheduled into the past, the block is cancelled at its next await. */
export default async function main(log: Log): Promise<void> {
  async function ticker(): Promise<void> {
    for (let n = 0; n < 3; n++) {
      log(`tick ${n}`);
      await sleep(0);
    }
  }

  createTask(() => ticker());
  try {
    await timeout(null, async (scope) => {
      await sleep(1);
      scope.reschedule(0);
      log("still running");
      await sleep(0);
      log("one more turn");
      await sleep(0);
      log("never");
    });
  } catch (error) {
    log(describe(error));
  }
}
