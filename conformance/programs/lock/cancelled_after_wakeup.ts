import { createTask, gather, Lock, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A waiter that is cancelled after it was woken passes the wake-up on. */
export default async function main(log: Log): Promise<void> {
  const lock = new Lock();

  async function worker(name: string): Promise<void> {
    try {
      await lock.with(async () => {
        log(`${name} has it`);
      });
    } catch {
      log(`${name} cancelled`);
    }
  }

  await lock.acquire();
  const a = createTask(() => worker("a"));
  const b = createTask(() => worker("b"));
  await sleep(0);
  lock.release();
  a.cancel();
  await gather(a, b);
  log(show(lock.locked()));
}
