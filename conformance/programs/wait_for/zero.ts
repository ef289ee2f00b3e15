import { createTask, getRunningLoop, sleep, waitFor } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** With a timeout of 0 or less a coroutine is not begun, a task is cancelled, and a result that is there is given. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    log(`${name} begins`);
    await sleep(1);
  }

  for (const limit of [0, -1]) {
    try {
      await waitFor(() => child("coroutine"), limit);
    } catch (error) {
      log(describe(error));
    }
  }
  const task = createTask(() => child("task"));
  await sleep(0);
  try {
    await waitFor(task, 0);
  } catch (error) {
    log(`${describe(error)} ${show(task.cancelled())}`);
  }
  const fut = getRunningLoop().createFuture<string>();
  fut.setResult("there");
  log(await waitFor(fut, 0));
}
