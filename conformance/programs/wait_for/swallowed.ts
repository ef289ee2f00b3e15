import { createTask, currentTask, sleep, waitFor } from "turnwise";
import { show, type Log } from "../../log.ts";

/** If what is awaited swallows the cancellation and returns, its value is the result. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    try {
      await sleep(10);
    } catch {
      log("swallowed");
    }
    return "value";
  }

  log(
    show(
      await waitFor(
        createTask(() => child()),
        1,
      ),
    ),
  );
  log(show(await waitFor(() => child(), 1)));
  log(show(currentTask()!.cancelling()));
}
