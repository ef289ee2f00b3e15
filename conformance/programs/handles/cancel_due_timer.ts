import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A timer whose time has come can still be cancelled by one that runs before it. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  loop.callLater(1, () => {
    log("first");
    victim.cancel();
  });
  const victim = loop.callLater(1, log, "victim");
  loop.callLater(1, log, "third");
  await sleep(1);
  log("main");
}
