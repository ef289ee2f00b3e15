import { createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Errors that somebody awaits are not reported. */
export default async function main(log: Log): Promise<void> {
  async function fails(delay: number): Promise<void> {
    await sleep(delay);
    throw new Boom(String(delay));
  }

  const task = createTask(() => fails(1));
  try {
    await task;
  } catch (error) {
    log(describe(error));
  }
  log(show(await gather([() => fails(1), () => fails(2)], { returnExceptions: true })));
}
