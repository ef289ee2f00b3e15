import { createTask, currentTask, getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** An eager task started by a plain callback. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    log("begins");
    await sleep(0);
    log("ends");
  }

  function start(): void {
    const task = createTask(() => child(), { eagerStart: true });
    log(`made ${show(task.done())}`);
    log(show(currentTask() === null));
  }

  getRunningLoop().callSoon(start);
  await sleep(1);
}
