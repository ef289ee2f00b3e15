import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A task that is made in main's last step begins before the loop stops, and is cancelled then. */
export default async function main(log: Log): Promise<void> {
  async function left(): Promise<void> {
    log("begins");
    try {
      await sleep(0);
      log("never");
    } finally {
      log("cancelled");
    }
  }

  createTask(() => left());
  log("main ends");
}
