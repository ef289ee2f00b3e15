import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** An async function that waits for nothing does not yield. */
export default async function main(log: Log): Promise<void> {
  async function nothing(): Promise<string> {
    return "nothing";
  }

  async function other(): Promise<void> {
    log("other");
  }

  createTask(() => other());
  log(await nothing());
  log(await nothing());
  await sleep(0);
  log("after sleep(0)");
}
