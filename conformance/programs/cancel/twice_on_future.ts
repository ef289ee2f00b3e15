import { createTask, getRunningLoop, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Two cancels while a task awaits a plain future: the second finds it done. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<void>();

  async function child(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) {
      try {
        await (turn === 0 ? fut : sleep(0));
        log(`${turn} went through`);
      } catch (error) {
        log(`${turn} ${describe(error)}`);
      }
    }
  }

  const task = createTask(() => child());
  await sleep(0);
  task.cancel("one");
  task.cancel("two");
  log(show(fut.cancelled()));
  await task;
}
