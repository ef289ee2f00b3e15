import { getRunningLoop, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A callback that adds itself again and again does not starve the others. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  let count = 0;

  function greedy(): void {
    count += 1;
    if (count < 50) loop.callSoon(greedy);
  }

  loop.callSoon(greedy);
  for (let n = 0; n < 5; n++) {
    log(show(count));
    await sleep(0);
  }
  loop.callLater(0, () => log(`timer after ${count}`));
  await sleep(1);
  log(show(count));
}
