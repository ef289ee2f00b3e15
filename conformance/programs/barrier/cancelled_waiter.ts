import { Barrier, createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** A cancelled waiter leaves; the barrier waits for another. */
export default async function main(log: Log): Promise<void> {
  const barrier = new Barrier(2);

  async function worker(name: string): Promise<void> {
    try {
      log(`${name} ${await barrier.wait()}`);
    } catch (error) {
      log(`${name} ${describe(error)}`);
    }
  }

  const a = createTask(() => worker("a"));
  await sleep(1);
  a.cancel("a leaves");
  await a;
  log(`${barrier.nWaiting} ${show(barrier.broken)}`);
  await gather(
    () => worker("b"),
    () => worker("c"),
  );
}
