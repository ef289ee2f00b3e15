import { currentTask, sleep, timeout, type Timeout } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** The block is cancelled at the deadline and TimeoutError comes out. */
export default async function main(log: Log): Promise<void> {
  const scopes: Timeout[] = [];
  try {
    await timeout(2, async (scope) => {
      scopes.push(scope);
      log(show([scope.when(), scope.expired()]));
      try {
        await sleep(10);
      } catch (error) {
        log(`${describe(error)} ${currentTask()!.cancelling()} ${show(scope.expired())}`);
        throw error;
      }
    });
  } catch (error) {
    log(describe(error));
  }
  log(show([scopes[0]!.when(), scopes[0]!.expired(), currentTask()!.cancelling()]));
}
