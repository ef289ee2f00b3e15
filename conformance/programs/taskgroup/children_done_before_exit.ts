import { getRunningLoop, sleep, taskGroup } from "turnwise";
import { type Log } from "../../log.ts";

/** A child that is done already still takes its done callback's turn. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    log("child");
  }

  await taskGroup(async (group) => {
    group.createTask(() => child());
    await sleep(0);
    getRunningLoop().callSoon(log, "callback");
    log("body ends");
  });
  log("after");
  await sleep(0);
}
