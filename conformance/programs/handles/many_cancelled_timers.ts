import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Hundreds of cancelled timers do not disturb the order of the rest. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const timers = Array.from({ length: 300 }, (_, n) => loop.callLater(1 + (n % 7), log, `timer ${n}`));
  for (const [n, timer] of timers.entries()) {
    if (n % 25 !== 0) timer.cancel();
  }
  await sleep(10);
}
