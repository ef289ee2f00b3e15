import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Tasks that are awaited one after the other run all at once. */
export default async function main(log: Log): Promise<void> {
  async function child(n: number): Promise<number> {
    await sleep(n);
    log(`${n} ends`);
    return n * n;
  }

  const tasks = [3, 1, 2].map((n) => createTask(() => child(n)));
  let total = 0;
  for (const task of tasks) {
    total += await task;
    log(`total ${total}`);
  }
}
