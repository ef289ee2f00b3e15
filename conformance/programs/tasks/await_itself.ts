import { createTask, currentTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A task that awaits itself gets a RuntimeError. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    try {
      await currentTask();
    } catch (error) {
      log((error as Error).message.slice(0, 26));
    }
    await sleep(1);
    return "still fine";
  }

  log(await createTask(() => child()));
}
