import { createTask } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A task that is cancelled before its first step never runs its body. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    log("never");
  }

  const task = createTask(() => child());
  log(show(task.cancel()));
  log(`${task.cancelling()} ${show(task.done())} ${show(task.cancelled())}`);
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
  log(`${show(task.done())} ${show(task.cancelled())}`);
  log(show(task.cancel()));
}
