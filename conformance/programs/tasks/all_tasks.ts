import { allTasks, createTask, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** all_tasks() holds what is not done, in the order of creation. */
export default async function main(log: Log): Promise<void> {
  async function child(delay: number): Promise<void> {
    await sleep(delay);
  }

  function names(): string {
    return show([...allTasks()].map((task) => task.getName()).sort());
  }

  const tasks = [2, 1, 3].map((delay) => createTask(() => child(delay), { name: `t${delay}` }));
  log(names());
  await sleep(1.5);
  log(names());
  tasks[2]!.cancel();
  log(names());
  await sleep(0);
  log(names());
  await tasks[0];
  log(names());
}
