import { createTask, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A task's first step comes after the step that made it, in the order of creation. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<string> {
    log(`${name} begins`);
    if (name === "a") createTask(() => child("a1"));
    return name;
  }

  const tasks = ["a", "b", "c"].map((name) => createTask(() => child(name)));
  log("made");
  const results: string[] = [];
  for (const task of tasks) results.push(await task);
  log(show(results));
  await sleep(0);
}
