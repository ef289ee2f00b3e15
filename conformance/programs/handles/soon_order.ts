import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** call_soon runs first in, first out, with its arguments; what a callback adds waits for the next iteration. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  function pair(a: number, b: number): void {
    log(`${a} ${b}`);
    loop.callSoon(log, `added by ${a}`);
  }

  loop.callSoon(pair, 1, 2);
  loop.callSoon(log, "single");
  loop.callSoon(pair, 3, 4);
  log("main goes on");
  await sleep(0);
  log("main again");
  await sleep(0);
  log("end");
}
