import { taskGroup, type TaskGroup } from "turnwise";
import { describe, type Log } from "../../log.ts";

/** A group that is over takes no more tasks. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    log("never");
  }

  const kept: TaskGroup[] = [];
  await taskGroup(async (group) => {
    kept.push(group);
  });
  try {
    kept[0]!.createTask(() => child());
  } catch (error) {
    log(describe(error));
  }
}
