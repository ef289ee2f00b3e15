import { sleep, timeoutAt } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** timeout_at takes a time of the loop's clock. */
export default async function main(log: Log): Promise<void> {
  await sleep(3);
  try {
    await timeoutAt(5, async (scope) => {
      log(show(scope.when()));
      await sleep(10);
    });
  } catch (error) {
    log(describe(error));
  }
  await timeoutAt(null, async (scope) => {
    log(show(scope.when()));
  });
}
