import { createTask, sleep, wait } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A timeout of wait raises nothing and cancels nothing. */
export default async function main(log: Log): Promise<void> {
  async function child(delay: number): Promise<void> {
    await sleep(delay);
    log("ends");
  }

  const tasks = [1, 2, 3].map((delay, n) => createTask(() => child(delay), { name: `t${n}` }));
  for (const limit of [2, 0, undefined]) {
    const { done, pending } = await wait(tasks, limit === undefined ? {} : { timeout: limit });
    log(show([...done].map((task) => task.getName())) + show([...pending].map((task) => task.getName())));
  }
}
