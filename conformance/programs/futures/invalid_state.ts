import { getRunningLoop } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

class Boom extends Error {
  override name = "Boom";
}

/** Asking too early and settling twice raise InvalidStateError. */
export default async function main(log: Log): Promise<void> {
  const fut = getRunningLoop().createFuture<number>();

  function attempt(call: () => unknown): void {
    try {
      log(show(call()));
    } catch (error) {
      log(describe(error));
    }
  }

  attempt(() => fut.result());
  attempt(() => fut.exception());
  fut.setResult(1);
  attempt(() => fut.setResult(2));
  attempt(() => fut.setException(new Boom("late")));
  attempt(() => fut.cancel());
  attempt(() => fut.result());
}
