import { getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A cancelled timer does not run, and time does not pass for its sake. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const early = loop.callLater(1, log, "early");
  const late = loop.callLater(5, log, "late");
  const same = loop.callLater(1, log, "same time, cancelled by early's neighbour");
  loop.callLater(1, () => log("neighbour"));
  loop.callAt(0.5, () => same.cancel());
  late.cancel();
  late.cancel();
  await sleep(2);
  log(`${early.when()} ${late.when()} ${show(late.cancelled())} ${show(early.cancelled())}`);
}
