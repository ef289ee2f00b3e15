import { createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** With an error first and a cancelled gather after it, the children keep their own ends. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number, fails: boolean): Promise<string> {
    try {
      await sleep(delay);
    } catch (error) {
      log(`${name} cancelled`);
      throw error;
    }
    if (fails) throw new Boom(name);
    return name;
  }

  const a = createTask(() => child("a", 1, true));
  const b = createTask(() => child("b", 3, false));
  const outer = gather(a, b);
  try {
    await outer;
  } catch (error) {
    log(describe(error));
  }
  log(show(outer.cancel()));
  log(await b);
}
