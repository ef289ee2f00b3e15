/**
 * Counts primes, here or elsewhere: `turnwise run examples/cluster/main.ts [--on loop|threads|cluster] [--to N]`.
 *
 * For a cluster there must be a Redis, and a worker or more, on this machine or on others:
 * `turnwise worker --queue primes examples/cluster/primes.ts`. All know Redis by TURNWISE_REDIS_URL.
 */
import { ClusterExecutor } from "@turnwise/cluster";
import * as asyncio from "turnwise/node";
import type * as primes from "./primes.ts";
import { commandLine, misused, number } from "../command-line.ts";

/** A program moves from one to the other by one line. */
const EXECUTORS: Readonly<Record<string, () => asyncio.Executor>> = {
  loop: () => new asyncio.LoopExecutor(),
  threads: () => new asyncio.ThreadPoolExecutor(),
  cluster: () => new ClusterExecutor({ queue: "primes" }),
};
const PARTS = 20;

const { values } = commandLine({
  options: { on: { type: "string", default: "threads" }, to: { type: "string", default: "2000000" } },
});
const newExecutor = EXECUTORS[values.on];
if (newExecutor === undefined) misused(`--on takes ${Object.keys(EXECUTORS).join(", ")}; got ${values.on}`);
const to = number("to", values.to, { from: PARTS, whole: true });

const { countPrimes } = asyncio.functionsOf<typeof primes>(new URL("./primes.ts", import.meta.url));
const ranges = Array.from({ length: PARTS }, (_, i): [number, number] => {
  return [Math.floor((to * i) / PARTS), Math.floor((to * (i + 1)) / PARTS)];
});

await asyncio.run(async () => {
  await using executor = newExecutor();
  const began = performance.now();
  let total = 0;
  let part = 0;
  for await (const count of executor.map(countPrimes, ranges, { retries: 2, timeout: 60 })) {
    const [from, end] = ranges[part++] as [number, number];
    console.log(`${from} to ${end}: ${count}`);
    total += count;
  }
  console.log(`${total} primes below ${to}, counted in ${((performance.now() - began) / 1000).toFixed(1)} s`);
});
