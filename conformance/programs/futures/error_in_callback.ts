import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** An error in a done callback goes to the exception handler; the others still run. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<void>();

  fut.addDoneCallback(() => {
    log("about to fail");
    throw new Boom("callback");
  });
  fut.addDoneCallback(() => log("still runs"));
  fut.setResult();
  await fut;
  await sleep(0);
  log("end");
}
