import { createTask, getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Awaiting a future or a task that is done goes on at once. */
export default async function main(log: Log): Promise<void> {
  async function other(): Promise<number> {
    log("other");
    return 7;
  }

  const fut = getRunningLoop().createFuture<string>();
  fut.setResult("ready");
  const task = createTask(() => other());
  log(await fut);
  log(await fut);
  log("before the first yield");
  log(show(await task));
  getRunningLoop().callSoon(log, "callback");
  log(show(await task));
  log(await fut);
  await sleep(0);
  log("end");
}
