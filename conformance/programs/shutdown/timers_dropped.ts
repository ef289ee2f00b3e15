import { getRunningLoop } from "turnwise";
import { type Log } from "../../log.ts";

/** A timer that is set when main returns never fires, but what is ready still runs. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  loop.callLater(1, log, "never");
  loop.callSoon(log, "ready");
  log("main ends");
}
