// A task of Turnwise's, after several awaits; others are ready meanwhile.
import * as asyncio from "turnwise";

async function compute(): Promise<number> {
  await asyncio.sleep(0.01);
  await asyncio.sleep(0);
  let n = 1;
  for (const until = performance.now() + 300; performance.now() < until;) n = (n * 7) % 1009; // BLOCKS
  return n;
}

async function tick(): Promise<void> {
  for (let i = 0; i < 10; i++) await asyncio.sleep(0.005);
}

await asyncio.run(async () => {
  await asyncio.gather(compute, tick, tick);
});
