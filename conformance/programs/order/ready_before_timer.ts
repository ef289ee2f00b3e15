import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** What is ready runs before a timer that has become due in the same iteration. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  function again(n: number): void {
    log(`soon ${n}`);
    if (n < 3) loop.callSoon(again, n + 1);
  }

  loop.callLater(0, log, "timer 0");
  loop.callLater(-1, log, "timer -1");
  loop.callSoon(again, 0);
  for (let n = 0; n < 4; n++) {
    log(`main ${n}`);
    await sleep(0);
  }
}
