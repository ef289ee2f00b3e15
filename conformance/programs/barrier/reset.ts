import { Barrier, createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** reset() sends those who wait away; the barrier is as new. */
export default async function main(log: Log): Promise<void> {
  const barrier = new Barrier(2);

  async function worker(name: string): Promise<void> {
    try {
      log(`${name} ${await barrier.wait()}`);
    } catch (error) {
      log(`${name} ${describe(error)}`);
    }
  }

  const first = createTask(() => worker("first"));
  await sleep(1);
  await barrier.reset();
  await first;
  log(`${show(barrier.broken)} ${barrier.nWaiting}`);
  await gather(
    () => worker("second"),
    () => worker("third"),
  );
}
