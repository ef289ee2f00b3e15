import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** The same callback added twice runs twice. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<void>();

  function again(): void {
    log("called");
  }

  fut.addDoneCallback(again);
  fut.addDoneCallback(again);
  fut.setResult();
  await sleep(0);
  log("end");
}
