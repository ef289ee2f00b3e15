import { getRunningLoop, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Awaiting a future that has failed raises at once. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<void>();
  fut.setException(new Boom("bad"));
  getRunningLoop().callSoon(log, "callback");
  for (let turn = 0; turn < 2; turn++) {
    try {
      await fut;
    } catch (error) {
      log(`${turn} ${describe(error)} ${show(error === fut.exception())}`);
    }
  }
  await sleep(0);
  log("end");
}
