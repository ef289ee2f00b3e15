import { Lock } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An error in the block gives the lock back. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();
  try {
    await lock.with(async () => {
      throw new Boom("inside");
    });
  } catch (error) {
    log(`${describe(error)} ${show(lock.locked())}`);
  }
}
