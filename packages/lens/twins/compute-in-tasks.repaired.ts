import { once } from "node:events";
import { Worker } from "node:worker_threads";
import * as asyncio from "turnwise";

const COMPUTE = "let sum = 0; for (let n = 0; n < 400_000_000; n++) sum = (sum + n * 7) | 0;";

async function job(): Promise<void> {
  await asyncio.sleep(0.1);
  await once(new Worker(COMPUTE, { eval: true }), "exit");
  await asyncio.sleep(0.4);
}

await asyncio.run(() => asyncio.gather(job, job));
