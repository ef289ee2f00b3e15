import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An error in a callback is reported, and the loop goes on. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  function fails(text: string): void {
    throw new Boom(text);
  }

  loop.callSoon(fails, "soon");
  loop.callLater(1, fails, "later");
  loop.callLater(1, log, "next timer");
  loop.callSoon(log, "next callback");
  await sleep(2);
  log("main goes on");
}
