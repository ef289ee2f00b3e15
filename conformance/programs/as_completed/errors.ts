import { asCompleted, createTask, getRunningLoop, sleep, type Task } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A failed or cancelled task is given like any other. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<void> {
    await sleep(delay);
    throw new Boom(name);
  }

  const a = createTask(() => child("a", 1), { name: "a" });
  const b = createTask(() => child("b", 5), { name: "b" });
  getRunningLoop().callLater(2, () => b.cancel());
  for await (const done of asCompleted([b, a]) as AsyncIterable<unknown>) {
    const task = done as Task<void>;
    log(`${task.getName()} ${show(task.cancelled())}`);
    if (!task.cancelled()) log(describe(task.exception()));
  }
}
