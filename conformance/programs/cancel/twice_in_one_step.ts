import { createTask, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Two cancels before the task runs: counted twice, raised once if waiting on one future, with the last message kept pending. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    for (let turn = 0; turn < 3; turn++) {
      try {
        await sleep(1);
        log(`slept ${turn}`);
      } catch (error) {
        log(`${turn} ${describe(error)}`);
      }
    }
    return "over";
  }

  const task = createTask(() => child());
  await sleep(0);
  log(show(task.cancel("one")));
  log(show(task.cancel("two")));
  log(show(task.cancelling()));
  log(await task);
  log(show(task.cancelling()));
}
