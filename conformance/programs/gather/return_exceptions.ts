import { createTask, gather, getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** With return_exceptions errors and cancellations of children are results. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number, fails: boolean): Promise<string> {
    await sleep(delay);
    if (fails) throw new Boom(name);
    return name;
  }

  const c = createTask(() => child("c", 5, false));
  getRunningLoop().callLater(2, () => c.cancel("by callback"));
  log(show(await gather([() => child("a", 1, true), () => child("b", 3, false), c], { returnExceptions: true })));
}
