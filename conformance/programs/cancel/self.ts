import { createTask, currentTask, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A task that cancels itself is interrupted at its next await. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    currentTask()!.cancel("self");
    log("still running");
    try {
      await sleep(0);
      log("never");
    } catch (error) {
      log(describe(error));
    }
    await sleep(1);
    log("slept");
    return "fine";
  }

  log(await createTask(() => child()));
}
