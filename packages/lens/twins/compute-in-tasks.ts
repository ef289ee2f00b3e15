// A loop that computes in each of two tasks; the repaired one has worker threads for it.
import * as asyncio from "turnwise";

function compute(): number {
  let sum = 0;
  for (let n = 0; n < 400_000_000; n++) sum = (sum + n * 7) | 0;
  return sum;
}

async function job(): Promise<void> {
  await asyncio.sleep(0.1);
  compute();
  await asyncio.sleep(0.4);
}

await asyncio.run(() => asyncio.gather(job, job));
