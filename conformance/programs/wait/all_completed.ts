import { createTask, sleep, wait } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** wait gives the done and the pending, in the order in which they were given. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number, fails: boolean): Promise<void> {
    await sleep(delay);
    log(`${name} ends`);
    if (fails) throw new Boom(name);
  }

  const tasks = [
    createTask(() => child("a", 2, false), { name: "a" }),
    createTask(() => child("b", 1, true), { name: "b" }),
  ];
  const { done, pending } = await wait(tasks);
  log(show([...done].map((task) => task.getName())) + show([...pending].map((task) => task.getName())));
  log(describe(tasks[1]!.exception()));
}
