import { sleep, type Task, taskGroup } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A child that is cancelled alone leaves the group alone. */
export default async function main(log: Log): Promise<void> {
  const tasks: Task<void>[] = [];
  async function child(name: string): Promise<void> {
    await sleep(2);
    log(`${name} ends`);
  }

  await taskGroup(async (group) => {
    const a = group.createTask(() => child("a"));
    group.createTask(() => child("b"));
    tasks.push(a);
    await sleep(1);
    a.cancel();
  });
  log(show(tasks[0]!.cancelled()));
}
