import { asCompleted, type Future, getRunningLoop } from "turnwise";
import { type Log } from "../../log.ts";

/** Futures that are done come first, in order; the same future counts once. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const [first, second, third] = [
    loop.createFuture<string>(),
    loop.createFuture<string>(),
    loop.createFuture<string>(),
  ];
  second.setResult("second");
  first.setResult("first");
  loop.callLater(1, () => third.setResult("third"));
  loop.callSoon(log, "callback");
  const futs = [first, third, second, first, third];
  for await (const done of asCompleted(futs) as AsyncIterable<unknown>) {
    log((done as Future<string>).result());
  }
}
