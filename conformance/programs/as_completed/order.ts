import { asCompleted, createTask, sleep, type Task } from "turnwise";
import { show, type Log } from "../../log.ts";

/** as_completed gives the original tasks in the order in which they end. */
export default async function main(log: Log): Promise<void> {
  async function child(delay: number): Promise<number> {
    await sleep(delay);
    return delay;
  }

  const tasks = [3, 1, 2].map((delay) => createTask(() => child(delay), { name: `t${delay}` }));
  for await (const done of asCompleted(tasks) as AsyncIterable<unknown>) {
    const task = done as Task<number>;
    log(`${task.getName()} ${task.result()} ${show(tasks.includes(task))}`);
  }
}
