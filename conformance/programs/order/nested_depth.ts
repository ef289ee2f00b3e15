import { gather, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Steps of two tasks alternate, however deep their awaits are nested. */
export default async function main(log: Log): Promise<void> {
  async function deep(n: number): Promise<void> {
    if (n === 0) await sleep(0);
    else await deep(n - 1);
  }

  async function worker(name: string, depth: number): Promise<void> {
    for (let step = 0; step < 4; step++) {
      log(`${name}${step}`);
      await deep(depth);
    }
  }

  await gather(
    () => worker("A", 5),
    () => worker("B", 0),
    () => worker("C", 2),
  );
}
