import { gather, getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** gather of nothing is a future that is done soon, with an empty list. */
export default async function main(log: Log): Promise<void> {
  const outer = gather();
  log(show(outer.done()));
  getRunningLoop().callSoon(log, "callback");
  log(show(await outer));
  log(show(outer.done()));
  await sleep(0);
}
