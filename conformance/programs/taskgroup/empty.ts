import { getRunningLoop, sleep, taskGroup } from "turnwise";
import { type Log } from "../../log.ts";

/** A group without children costs no turn. */
export default async function main(log: Log): Promise<void> {
  getRunningLoop().callSoon(log, "callback");
  await taskGroup(async () => {
    log("body");
  });
  log("after");
  await sleep(0);
}
