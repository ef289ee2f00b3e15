import { createTask, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A main task that waits for what never comes deadlocks; then everything is cancelled. */
export default async function main(log: Log): Promise<void> {
  async function left(): Promise<void> {
    try {
      await getRunningLoop().createFuture<void>();
    } finally {
      log("left ends");
    }
  }

  createTask(() => left());
  await sleep(1);
  try {
    await getRunningLoop().createFuture<void>();
  } finally {
    log("main ends");
  }
}
