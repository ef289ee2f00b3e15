import { createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** Cancelling a task that gathers cancels the children in order and keeps its message. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      log(`${name} ${describe(error)}`);
      throw error;
    }
  }

  async function parent(): Promise<void> {
    try {
      await gather(
        () => child("a"),
        () => child("b"),
        () => child("c"),
      );
    } catch (error) {
      log(`parent ${describe(error)}`);
      throw error;
    }
  }

  const task = createTask(() => parent());
  await sleep(1);
  log(show(task.cancel("stop")));
  try {
    await task;
  } catch (error) {
    log(`main ${describe(error)}`);
  }
}
