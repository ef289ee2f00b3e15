import { Barrier, gather, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A barrier lets all go when the last has come, and can be used again. */
export default async function main(log: Log): Promise<void> {
  const barrier = new Barrier(3);

  async function worker(name: string, delay: number): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      await sleep(delay);
      log(`${name} comes, ${barrier.nWaiting} are there`);
      const index = await barrier.wait();
      log(`${name} goes, index ${index}`);
    }
  }

  await gather(
    () => worker("a", 1),
    () => worker("b", 2),
    () => worker("c", 3),
  );
  log(`${barrier.parties} ${barrier.nWaiting} ${show(barrier.broken)}`);
}
