import { type Future, getRunningLoop } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** A future is pending, then has a result, an error, or is cancelled. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  function states(fut: Future<unknown>): string {
    return `${show(fut.done())} ${show(fut.cancelled())}`;
  }

  const good = loop.createFuture<number>();
  const bad = loop.createFuture<number>();
  const gone = loop.createFuture<number>();
  log(states(good));
  good.setResult(3);
  bad.setException(new Boom("bad"));
  log(show(gone.cancel("gone")));
  log(`${states(good)} ${good.result()} ${describe(good.exception())}`);
  log(`${states(bad)} ${describe(bad.exception())}`);
  log(`${states(gone)} ${show(gone.cancel())}`);
}
