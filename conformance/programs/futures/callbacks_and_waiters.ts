import { createTask, gather, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Callbacks and waiting tasks of one future are served in the order in which they came. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<string>();

  async function waiter(name: string): Promise<void> {
    log(`${name} ${await fut}`);
  }

  fut.addDoneCallback(() => log("callback 1"));
  const a = createTask(() => waiter("a"));
  await sleep(0);
  fut.addDoneCallback(() => log("callback 2"));
  const b = createTask(() => waiter("b"));
  await sleep(0);
  fut.addDoneCallback(() => log("callback 3"));
  fut.setResult("ready");
  await gather(a, b);
}
