import { createTask, shield, sleep, waitFor } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A shield inside wait_for keeps the inner task alive. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<string> {
    await sleep(3);
    log("child ends");
    return "kept";
  }

  const task = createTask(() => child());
  try {
    await waitFor(shield(task), 1);
  } catch (error) {
    log(`${describe(error)} ${show(task.done())}`);
  }
  log(await task);
}
