import { createTask, sleep } from "turnwise";
import { type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** When main fails, the leftovers are cancelled first and the error comes out at the end. */
export default async function main(log: Log): Promise<void> {
  async function left(): Promise<void> {
    try {
      await sleep(100);
    } finally {
      log("left ends");
    }
  }

  createTask(() => left());
  await sleep(1);
  throw new Boom("main");
}
