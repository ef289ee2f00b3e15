import { createTask, sleep, wait } from "turnwise";
import { type Log } from "../../log.ts";

/** FIRST_EXCEPTION without an error waits for all. */
export default async function main(log: Log): Promise<void> {
  async function child(delay: number): Promise<void> {
    await sleep(delay);
  }

  const tasks = [1, 2, 3].map((delay) => createTask(() => child(delay)));
  const { done, pending } = await wait(tasks, { returnWhen: "FIRST_EXCEPTION" });
  log(`${done.size} ${pending.size}`);
}
