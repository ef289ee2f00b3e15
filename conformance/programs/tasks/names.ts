import { createTask, currentTask, gather } from "turnwise";
import { type Log } from "../../log.ts";

/** Default names count up; a name can be given and changed. */
export default async function main(log: Log): Promise<void> {
  async function child(): Promise<void> {
    log("runs");
  }

  const a = createTask(() => child());
  const b = createTask(() => child(), { name: "given" });
  const c = createTask(() => child());
  log(`${a.getName()} ${b.getName()} ${c.getName()}`);
  b.setName("changed");
  await gather(a, b, c);
  log(`${currentTask()!.getName()} ${b.getName()}`);
}
