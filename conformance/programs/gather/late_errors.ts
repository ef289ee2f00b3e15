import { gather, sleep } from "turnwise";
import { describe, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Errors of siblings after the first are not reported. */
export default async function main(log: Log): Promise<void> {
  async function child(name: string, delay: number): Promise<void> {
    await sleep(delay);
    log(`${name} fails`);
    throw new Boom(name);
  }

  try {
    await gather(
      () => child("a", 1),
      () => child("b", 2),
      () => child("c", 1),
    );
  } catch (error) {
    log(describe(error));
  }
  await sleep(3);
}
