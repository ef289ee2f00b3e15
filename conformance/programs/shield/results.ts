import { createTask, currentTask, getRunningLoop, shield, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A shield hands on the result, the error, and the cancellation of what is inside. */
export default async function main(log: Log): Promise<void> {
  async function child(fails: boolean): Promise<string> {
    await sleep(1);
    if (fails) throw new Boom("inside");
    return "result";
  }

  log(await shield(() => child(false)));
  try {
    await shield(() => child(true));
  } catch (error) {
    log(describe(error));
  }
  const task = createTask(() => child(false));
  const outer = shield(task);
  getRunningLoop().callSoon(() => task.cancel("inside"));
  try {
    await outer;
  } catch (error) {
    log(describe(error));
  }
  log(`${show(outer.cancelled())} ${currentTask()!.cancelling()}`);
}
