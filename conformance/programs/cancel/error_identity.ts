import { createTask, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** The CancelledError object that a task's body lets go is the one its awaiter gets. */
export default async function main(log: Log): Promise<void> {
  const kept: unknown[] = [];

  async function inner(): Promise<void> {
    try {
      await sleep(10);
    } catch (error) {
      kept.push(error);
      throw error;
    }
  }

  async function middle(): Promise<void> {
    try {
      await createTask(() => inner());
    } catch (error) {
      kept.push(error);
      throw error;
    }
  }

  const task = createTask(() => middle());
  await sleep(0);
  await sleep(0);
  task.cancel("same");
  try {
    await task;
  } catch (error) {
    kept.push(error);
  }
  log(show([kept[0] === kept[1], kept[1] === kept[2]]));
}
