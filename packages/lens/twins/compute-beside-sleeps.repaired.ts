import { once } from "node:events";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import * as asyncio from "turnwise";

function compute(): number {
  let sum = 0;
  for (let n = 0; n < 700_000_000; n++) sum = (sum + n * 7) | 0;
  return sum;
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  await once(worker, "message");

  const computes = async (): Promise<void> => {
    await asyncio.sleep(0.1);
    worker.postMessage("go");
    await once(worker, "message");
    await asyncio.sleep(0.3);
  };

  const waits = async (): Promise<void> => {
    for (let n = 0; n < 4; n++) await asyncio.sleep(0.2);
  };

  await asyncio.run(() => asyncio.gather(computes, waits));
} else {
  parentPort?.once("message", () => parentPort?.postMessage(compute()));
  parentPort?.postMessage("ready");
}
