import { createTask, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A task's done callbacks run one iteration after its last step, before its waiters that came later. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    log("last step");
    return "r";
  }

  const task = createTask(() => child());
  task.addDoneCallback((done) => log(`callback ${done.result()}`));
  getRunningLoop().callSoon(log, "queued before the end");
  log(await task);
  task.addDoneCallback(() => log("added late"));
  log("not yet");
  await sleep(0);
}
