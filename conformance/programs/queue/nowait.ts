import { Queue } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** get_nowait and put_nowait raise when they would wait. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<string>(1);
  try {
    queue.getNowait();
  } catch (error) {
    log(describe(error));
  }
  queue.putNowait("one");
  try {
    queue.putNowait("two");
  } catch (error) {
    log(describe(error));
  }
  log(queue.getNowait());
}
