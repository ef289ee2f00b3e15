import { createTask, getRunningLoop, sleep, wait } from "turnwise";
import { show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** FIRST_EXCEPTION wakes at the first error, but not at a cancelled task. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number, fails: boolean): Promise<void> {
    await sleep(delay);
    if (fails) throw new Boom(name);
  }

  const a = createTask(() => child("a", 1, false), { name: "a" });
  const b = createTask(() => child("b", 9, false), { name: "b" });
  const c = createTask(() => child("c", 3, true), { name: "c" });
  const d = createTask(() => child("d", 4, false), { name: "d" });
  getRunningLoop().callLater(2, () => b.cancel());
  const { done, pending } = await wait([a, b, c, d], { returnWhen: "FIRST_EXCEPTION" });
  log(show([...done].map((task) => task.getName())) + show([...pending].map((task) => task.getName())));
}
