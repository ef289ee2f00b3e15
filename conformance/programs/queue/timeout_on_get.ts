import { getRunningLoop, Queue, waitFor } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A get with a timeout gives up without losing an item. */
export default async function main(log: Log): Promise<void> {
  const queue = new Queue<string>();
  try {
    await waitFor(() => queue.get(), 1);
  } catch (error) {
    log(describe(error));
  }
  getRunningLoop().callLater(1, () => queue.putNowait("item"));
  log(await waitFor(() => queue.get(), 2));
  log(show(queue.empty()));
}
