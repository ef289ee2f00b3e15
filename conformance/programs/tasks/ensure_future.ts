import { createTask, ensureFuture, getRunningLoop, type Task } from "turnwise";
import { show, type Log } from "../../log.ts";

/** ensure_future gives a future or task back as it is and makes a task of a coroutine. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    log("runs");
    return "c";
  }

  const fut = getRunningLoop().createFuture<void>();
  const task = createTask(() => child());
  log(show([(ensureFuture(fut) as unknown) === fut, (ensureFuture(task) as unknown) === task]));
  const made = ensureFuture(() => child()) as Task<string>;
  log(made.getName());
  log(show([await made, await task]));
}
