import { currentTask, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A main task that lets a cancellation go ends cancelled. */
export default async function main(log: Log): Promise<void> {
  const main = currentTask()!;
  getRunningLoop().callLater(1, () => main.cancel("enough"));
  try {
    await sleep(10);
  } finally {
    log("finally");
  }
}
