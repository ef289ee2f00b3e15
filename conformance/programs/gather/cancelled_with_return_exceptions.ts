import { createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A cancelled gather raises, even with return_exceptions. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string): Promise<string> {
    try {
      await sleep(10);
      return "slept";
    } catch (error) {
      log(`${name} cancelled`);
      if (name === "b") return "swallowed";
      throw error;
    }
  }

  async function parent(): Promise<void> {
    try {
      log(show(await gather([() => child("a"), () => child("b")], { returnExceptions: true })));
    } catch (error) {
      log(describe(error));
      throw error;
    }
  }

  const task = createTask(() => parent());
  await sleep(1);
  task.cancel("outside");
  log(show(await gather([task], { returnExceptions: true })));
}
