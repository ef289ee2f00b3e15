import { getRunningLoop, Queue, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** get and put that need not wait cost no turn. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<string>(2);
  getRunningLoop().callSoon(log, "callback");
  await queue.put("a");
  await queue.put("b");
  log(await queue.get());
  log(await queue.get());
  await sleep(0);
}
