import { getRunningLoop, Lock, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** Taking a free lock costs no turn. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();
  getRunningLoop().callSoon(log, "callback");
  await lock.acquire();
  log(`has it ${show(lock.locked())}`);
  lock.release();
  await lock.with(async () => {
    log("once more");
  });
  await sleep(0);
}
