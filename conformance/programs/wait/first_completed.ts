import { createTask, sleep, wait } from "turnwise";
import { show, type Log } from "../../log.ts";

/** FIRST_COMPLETED wakes when one is done; those done by the time of waking are in done. */
export default async function main(log: Log): Promise<void> {
  async function child(delay: number): Promise<void> {
    await sleep(delay);
    log("ends");
  }

  const tasks = [2, 1, 1, 3].map((delay, n) => createTask(() => child(delay), { name: `t${n}` }));
  let waitedFor = new Set(tasks);
  while (waitedFor.size > 0) {
    const { done, pending } = await wait(waitedFor, { returnWhen: "FIRST_COMPLETED" });
    log(show([...done].map((task) => task.getName())) + show([...pending].map((task) => task.getName())));
    waitedFor = pending;
  }
}
