import { gather, Semaphore, sleep } from "turnwise";
import { show, type Log } from "../../log.ts";

/** A semaphore lets so many in at a time, first come, first served. */
export default async function main(log: Log): Promise<void> {
  const sem = new Semaphore(2);

  async function worker(name: string, time: number): Promise<void> {
    await sem.with(async () => {
      log(`${name} in, locked: ${show(sem.locked())}`);
      await sleep(time);
      log(`${name} out`);
    });
  }

  await gather(
    () => worker("a", 3),
    () => worker("b", 1),
    () => worker("c", 1),
    () => worker("d", 1),
    () => worker("e", 1),
  );
  log(show(sem.locked()));
}
