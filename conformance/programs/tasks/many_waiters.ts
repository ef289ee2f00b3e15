import { createTask, sleep, type Task } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Those who await one task wake in the order in which they began to wait. */
export default async function main(log: Log): Promise<void> {
  async function worker(): Promise<number> {
    await sleep(1);
    log("worker is done");
    return 5;
  }

  async function waiter(name: string, task: Task<number>): Promise<void> {
    log(`${name} ${await task}`);
  }

  const task = createTask(() => worker());
  const others = ["x", "y", "z"].map((name) => createTask(() => waiter(name, task)));
  task.addDoneCallback(() => log("callback"));
  log(show(await task));
  for (const other of others) await other;
}
