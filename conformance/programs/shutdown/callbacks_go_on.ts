import { getRunningLoop } from "turnwise";
import { type Log } from "../../log.ts";

/** Callbacks that add callbacks still run for the turns that asyncio.run takes to shut down. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();

  function chain(n: number): void {
    log(`callback ${n}`);
    if (n < 20) loop.callSoon(chain, n + 1);
  }

  loop.callSoon(chain, 0);
  log("main ends");
}
