import { createTask, currentTask, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A cancellation that is caught is over; the count stays. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    try {
      await sleep(10);
    } catch {
      log(`swallowed, ${currentTask()!.cancelling()}`);
    }
    await sleep(1);
    return "result";
  }

  const task = createTask(() => child());
  await sleep(0);
  task.cancel();
  log(await task);
  log(`${show(task.cancelled())} ${task.cancelling()}`);
}
