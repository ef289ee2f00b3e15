import { asCompleted, createTask, gather, sleep, type Task } from "turnwise";
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
    for await (const done of asCompleted(tasks, { timeout: 2 }) as AsyncIterable<unknown>) {
      log(show((done as Task<number>).result()));
    }
  } catch (error) {
    log(describe(error));
  }
  log(show(await gather(...tasks)));
}
