import { createTask, currentTask, sleep, waitFor } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** When the time is up the awaited task is cancelled and TimeoutError is raised after its cleanup. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log(describe(error));
      await sleep(3);
      log("cleaned up");
      throw error;
    }
  }

  for (const make of [() => child, () => createTask(() => child(), { name: "child" })]) {
    try {
      await waitFor(make(), 2);
    } catch (error) {
      log(describe(error));
    }
    log(show(currentTask()!.cancelling()));
  }
}
