import { gather, getRunningLoop, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Children that are done already are counted at once, errors too. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const good = loop.createFuture<number>();
  good.setResult(1);
  const bad = loop.createFuture<number>();
  bad.setException(new Boom("early"));
  const both = gather(good, good);
  log(show(both.done()));
  loop.callSoon(log, "callback");
  log(show(await both));
  log("no turn was needed?");
  const mixed = gather(good, bad, loop.createFuture<number>());
  log(show(mixed.done()));
  try {
    await mixed;
  } catch (error) {
    log(describe(error));
  }
  await sleep(0);
}
