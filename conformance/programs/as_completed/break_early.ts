import { asCompleted, createTask, sleep, type Task } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Leaving the loop early leaves the rest running. */
export default async function main(log: Log): Promise<void> {
  async function child(delay: number): Promise<number> {
    await sleep(delay);
    log(`${delay} ends`);
    return delay;
  }

  const tasks = [1, 2, 3].map((delay) => createTask(() => child(delay)));
  for await (const done of asCompleted(tasks) as AsyncIterable<unknown>) {
    log(`got ${(done as Task<number>).result()}`);
    break;
  }
  await sleep(2.5);
  log(show(tasks.map((task) => task.done())));
}
