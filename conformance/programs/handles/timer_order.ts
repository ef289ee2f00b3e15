import { getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Timers run by deadline, then in the order in which they were set, by call_later or call_at. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  loop.callLater(2, log, "2 a");
  loop.callLater(1, log, "1 a");
  loop.callAt(loop.time() + 2, log, "2 b");
  loop.callAt(loop.time() + 1, log, "1 b");
  loop.callLater(1, log, "1 c");
  loop.callLater(0.5, () => loop.callLater(0.5, log, "1 d"));
  await sleep(3);
}
