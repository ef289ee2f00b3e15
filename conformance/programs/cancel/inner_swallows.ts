import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** If the awaited task swallows the cancellation, the awaiting task goes on with its result. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<string> {
    try {
      await sleep(10);
      return "slept";
    } catch {
      return "swallowed";
    }
  }

  async function outer(): Promise<string> {
    log(await createTask(() => inner()));
    await sleep(1);
    return "not cancelled";
  }

  const task = createTask(() => outer());
  await sleep(1);
  task.cancel();
  log(`${await task} ${task.cancelling()}`);
}
