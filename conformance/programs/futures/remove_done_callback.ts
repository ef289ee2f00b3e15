import { getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** remove_done_callback removes every equal one and says how many. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<void>();

  function twice(): void {
    log("never");
  }

  function once(): void {
    log("once");
  }

  fut.addDoneCallback(twice);
  fut.addDoneCallback(once);
  fut.addDoneCallback(twice);
  log(show(fut.removeDoneCallback(twice)));
  log(show(fut.removeDoneCallback(twice)));
  fut.setResult();
  log(show(fut.removeDoneCallback(once)));
  await sleep(0);
}
