import { asCompleted, createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** When the time is up, as_completed raises TimeoutError and cancels nothing. */
export default async function main(log: Log): Promise<void> {
  async function child(delay: number): Promise<number> {
    await sleep(delay);
    log("ends");
    return delay;
  }

  const tasks = [3, 1, 4].map((delay) => createTask(() => child(delay)));
  try {
    for await (const task of asCompleted(tasks, { timeout: 2 })) log(show(task.result()));
  } catch (error) {
    log(describe(error));
  }
  log(show(await gather(...tasks)));
}
