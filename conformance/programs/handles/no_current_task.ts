import { createTask, currentTask, getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** In a plain callback there is no current task; in a task there is. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  async function child(): Promise<void> {
    log(show(currentTask() !== null));
    loop.callSoon(() => log(show(currentTask() === null)));
    await sleep(0);
    log(show(currentTask() !== null));
  }

  const task = createTask(() => child());
  task.addDoneCallback(() => log(show(currentTask() === null)));
  await task;
  log(currentTask()!.getName());
}
