import { currentTask, sleep, timeout } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A deadline that has passed lets the block run up to its first await. */
export default async function main(log: Log): Promise<void> {
  for (const delay of [0, -3]) {
    try {
      await timeout(delay, async (scope) => {
        log(`runs ${show(scope.when())}`);
        await sleep(0);
        log("never");
      });
    } catch (error) {
      log(describe(error));
    }
  }
  await timeout(0, async () => {
    log("without an await nothing happens");
  });
  log(show(currentTask()!.cancelling()));
}
