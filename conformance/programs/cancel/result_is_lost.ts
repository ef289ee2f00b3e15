import { createTask, getRunningLoop, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A cancel that comes after the awaited future is done, but before the wake-up, wins: the result is lost. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<string>();

  async function child(): Promise<string | undefined> {
    try {
      log(show(await fut));
    } catch (error) {
      log(describe(error));
      log(show(await fut));
      return "went on";
    }
    return undefined;
  }

  const task = createTask(() => child());
  await sleep(0);
  fut.setResult("lost");
  log(show(task.cancel()));
  log(`${show(fut.cancelled())} ${fut.result()}`);
  log(show(await task));
}
