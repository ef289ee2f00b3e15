import { createTask, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** result() and exception() of a running task raise InvalidStateError. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    await sleep(1);
  }

  const task = createTask(() => child());
  for (const ask of [() => task.result(), () => task.exception()]) {
    try {
      ask();
    } catch (error) {
      log(describe(error));
    }
  }
  await task;
  log(describe(task.exception()));
}
