// A loop that computes, and holds up what only waits. The repaired one has a worker thread for it.
import * as asyncio from "turnwise";

function compute(): number {
  let sum = 0;
  for (let n = 0; n < 700_000_000; n++) sum = (sum + n * 7) | 0;
  return sum;
}

async function computes(): Promise<void> {
  await asyncio.sleep(0.1);
  compute();
  await asyncio.sleep(0.3);
}

async function waits(): Promise<void> {
  for (let n = 0; n < 4; n++) await asyncio.sleep(0.2);
}

await asyncio.run(() => asyncio.gather(computes, waits));
