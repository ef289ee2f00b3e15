import { getRunningLoop, sleep, timeout } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A timeout can be moved later, earlier, and off while its block runs. */
export default async function main(log: Log): Promise<void> {
  try {
    await timeout(2, async (scope) => {
      const loop = getRunningLoop();
      scope.reschedule(loop.time() + 5);
      log(show(scope.when()));
      await sleep(3);
      scope.reschedule(null);
      log(show(scope.when()));
      await sleep(10);
      scope.reschedule(loop.time() + 1);
      log(show(scope.when()));
      await sleep(10);
    });
  } catch (error) {
    log(describe(error));
  }
}
