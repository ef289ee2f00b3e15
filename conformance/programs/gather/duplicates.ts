import { createTask, gather, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** The same awaitable twice is one child with two places in the result. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<number> {
    log("runs once");
    await sleep(1);
    return 9;
  }

  const task = createTask(() => child());
  log(show(await gather(task, task, task)));
}
