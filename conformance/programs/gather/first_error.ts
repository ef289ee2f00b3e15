import { CancelledError, createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** The first error is raised at once; the siblings keep running. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number, fails: boolean): Promise<string> {
    try {
      await sleep(delay);
      if (fails) throw new Boom(name);
      log(`${name} is done`);
      return name;
    } catch (error) {
      if (error instanceof CancelledError) log(`${name} cancelled`);
      throw error;
    }
  }

  const a = createTask(() => child("a", 3, false));
  try {
    await gather(
      a,
      () => child("b", 1, true),
      () => child("c", 2, true),
    );
  } catch (error) {
    log(describe(error));
  }
  log(show(await a));
}
