import { createTask, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A sleeping task is cancelled at its sleep, and its finally runs one turn later. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    try {
      log("sleeps");
      await sleep(10);
      log("never");
    } catch (error) {
      log(describe(error));
      throw error;
    } finally {
      log("finally");
    }
  }

  const task = createTask(() => child());
  await sleep(1);
  log(show(task.cancel("stop it")));
  log(`${show(task.done())} ${task.cancelling()}`);
  await sleep(0);
  log(`${show(task.done())} ${show(task.cancelled())}`);
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
}
