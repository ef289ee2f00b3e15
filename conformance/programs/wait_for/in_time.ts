import { createTask, sleep, waitFor } from "turnwise";
import { type Log } from "../../log.ts";

/** wait_for gives the result and runs a coroutine in the caller's own task. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    log("which task?");
    await sleep(1);
    return "in time";
  }

  log(await waitFor(() => child(), 2));
  log(
    await waitFor(
      createTask(() => child()),
      2,
    ),
  );
  log(await waitFor(() => child(), null));
}
