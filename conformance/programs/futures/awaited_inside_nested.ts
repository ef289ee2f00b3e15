import { createTask, gather, getRunningLoop, sleep } from "turnwise";
import { type Log } from "../../log.ts";

/** A future awaited deep inside wakes only its task, in its place in the queue. */
export default async function main(log: Log): Promise<void> {
  const loop = getRunningLoop();
  const fut = loop.createFuture<string>();

  async function level(n: number): Promise<string> {
    return n === 0 ? await fut : await level(n - 1);
  }

  async function waiter(name: string, depth: number): Promise<void> {
    log(`${name} ${await level(depth)}`);
  }

  const depths: [string, number][] = [
    ["deep", 8],
    ["flat", 0],
    ["mid", 3],
  ];
  const tasks = depths.map(([name, depth]) => createTask(() => waiter(name, depth)));
  await sleep(0);
  fut.setResult("x");
  loop.callSoon(log, "callback after");
  await gather(...tasks);
}
