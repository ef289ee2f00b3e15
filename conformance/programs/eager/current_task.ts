import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** The current task is the eager one during its first step, and the caller's after it. */
export default async function main(log: Log): Promise<void> {
  async function inner(): Promise<void> {
    log("inner");
    await sleep(0);
    log("inner again");
  }

  async function outer(): Promise<void> {
    log("outer");
    const task = createTask(() => inner(), { eagerStart: true, name: "inner" });
    log("outer goes on");
    await task;
    log("outer ends");
  }

  await createTask(() => outer(), { eagerStart: true, name: "outer" });
  log("main");
}
