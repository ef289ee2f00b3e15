import { sleep, taskGroup, timeout } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A timeout around a task group cancels its tasks; the TimeoutError is bare. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<void> {
    try {
      await sleep(10);
    } finally {
      log(`${name} ends`);
    }
  }

  try {
    await timeout(1, async () => {
      await taskGroup(async (group) => {
        group.createTask(() => child("a"));
        group.createTask(() => child("b"));
      });
    });
  } catch (error) {
    log(describe(error));
  }
}
