import { currentTask, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** uncancel() counts down and never goes below 0. */
export default async function main(log: Log): Promise<void> {
  const task = currentTask()!;
  log(show(task.uncancel()));
  task.cancel("a");
  task.cancel("b");
  log(show(task.cancelling()));
  try {
    await sleep(0);
  } catch (error) {
    log(describe(error));
  }
  log(show([task.uncancel(), task.uncancel(), task.uncancel()]));
  await sleep(0);
  log(show(task.cancelling()));
}
