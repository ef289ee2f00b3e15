import { getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Done callbacks run in a later iteration, in order, also when the future is done already. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<string>();
  fut.addDoneCallback((done) => log(`first ${done.result()} ${show(done === fut)}`));
  fut.addDoneCallback((done) => log(`second ${done.result()}`));
  fut.setResult("r");
  log("set");
  fut.addDoneCallback((done) => log(`third ${done.result()}`));
  await sleep(0);
  log("after one turn");
}
