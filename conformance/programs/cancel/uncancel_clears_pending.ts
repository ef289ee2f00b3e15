import { currentTask, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** uncancel() down to 0 takes back a cancellation that was not delivered yet; down to 1 does not. */
export default async function main(log: Log): Promise<void> {
  const task = currentTask()!;
  task.cancel();
  task.uncancel();
  await sleep(0);
  log("taken back");
  task.cancel("stays");
  task.cancel("too");
  task.uncancel();
  try {
    await sleep(0);
    log("never");
  } catch (error) {
    log(describe(error));
  }
  task.uncancel();
}
