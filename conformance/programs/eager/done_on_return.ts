import { createTask, getRunningLoop } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An eager task that waits for nothing is done when create_task returns. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    log("child");
    return "value";
  }

  async function fails(): Promise<void> {
    throw new Boom("at once");
  }

  const task = createTask(() => child(), { eagerStart: true });
  log(`${show(task.done())} ${task.result()}`);
  getRunningLoop().callSoon(log, "callback");
  log(await task);
  const failed = createTask(() => fails(), { eagerStart: true });
  log(`${show(failed.done())} ${describe(failed.exception())}`);
}
