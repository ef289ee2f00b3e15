import { createTask, currentTask, gather, getRunningLoop, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Cancelling a future wakes its waiters with CancelledError; they are not cancelled themselves. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<void>();

  async function waiter(name: string): Promise<string> {
    try {
      await fut;
    } catch (error) {
      log(`${name} ${describe(error)} ${currentTask()!.cancelling()}`);
    }
    return name;
  }

  const tasks = ["a", "b"].map((name) => createTask(() => waiter(name)));
  await sleep(0);
  fut.cancel("future");
  log(show(await gather(...tasks)));
}
