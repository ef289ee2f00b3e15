import { gather, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** Sleepers with equal deadlines wake in the order in which they lay down. */
export default async function main(log: Log): Promise<void> {
  async function sleeper(name: string, delay: number): Promise<void> {
    await sleep(delay);
    log(name);
  }

  const sleepers = [0, 1, 2, 3, 4, 5].map((n) => () => sleeper(`s${n}`, 1));
  await gather(...sleepers, () => sleeper("early", 0.5));
}
