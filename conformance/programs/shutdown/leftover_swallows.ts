import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A leftover that swallows the cancellation is awaited to its end. */
export default async function main(log: Log): Promise<void> {
  async function left(): Promise<void> {
    try {
      await sleep(100);
    } catch {
      log("swallowed");
    }
    await sleep(3);
    log("ends in its own time");
  }

  createTask(() => left());
  await sleep(1);
  log("main ends");
}
