import { Barrier, createTask, gather, sleep } from "turnwise";
import { describe, show, type Log } from "../../log.ts";

/** abort() breaks the barrier for those who wait and those who come. */
export default async function main(log: Log): Promise<void> {
  const barrier = new Barrier(3);

  async function worker(name: string): Promise<void> {
    try {
      await barrier.wait();
    } catch (error) {
      log(`${name} ${describe(error)}`);
    }
  }

  const tasks = ["a", "b"].map((name) => createTask(() => worker(name)));
  await sleep(1);
  await barrier.abort();
  log(show(barrier.broken));
  await gather(...tasks);
  await worker("late");
  await barrier.reset();
  log(`${show(barrier.broken)} ${barrier.nWaiting}`);
}
