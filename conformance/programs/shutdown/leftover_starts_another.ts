import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A task that a leftover starts while it cleans up is not awaited. */
export default async function main(log: Log): Promise<void> {
  async function another(): Promise<void> {
    log("another begins");
    await sleep(5);
    log("never");
  }

  async function left(): Promise<void> {
    try {
      await sleep(100);
    } finally {
      createTask(() => another());
      await sleep(1);
      log("left ends");
    }
  }

  createTask(() => left());
  await sleep(1);
}
