import { getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A handle that is cancelled before its turn does not run, even when it is already due. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const first = loop.callSoon(() => {
    log("first cancels second");
    second.cancel();
  });
  const second = loop.callSoon(log, "second");
  const third = loop.callSoon(log, "third");
  log(`${show(second.cancelled())} ${show(third.cancelled())}`);
  await sleep(0);
  log(`${show(first.cancelled())} ${show(second.cancelled())} ${show(third.cancelled())}`);
}
