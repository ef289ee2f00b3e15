import { getRunningLoop, sleep, timeout, type Timeout } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A timeout that has fired or is finished can't be rescheduled. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const scopes: Timeout[] = [];
  try {
    await timeout(1, async (scope) => {
      scopes.push(scope);
      try {
        await sleep(5);
      } finally {
        try {
          scope.reschedule(loop.time() + 9);
        } catch (error) {
          log(describe(error));
        }
      }
    });
  } catch (error) {
    log(describe(error));
  }
  await timeout(1, async (scope) => {
    scopes.push(scope);
  });
  for (const scope of scopes) {
    try {
      scope.reschedule(null);
    } catch (error) {
      log(describe(error));
    }
  }
}
