import { currentTask, sleep, timeout } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A block that swallows the cancellation ends normally, although the timeout expired. */
export default async function main(log: Log): Promise<void> {
  const scope = await timeout(1, async (scope) => {
    try {
      await sleep(10);
    } catch {
      log(`swallowed ${currentTask()!.cancelling()}`);
    }
    await sleep(1);
    log("went on");
    return scope;
  });
  log(`${show(scope.expired())} ${currentTask()!.cancelling()}`);
}
