// Waits for promises that are not Turnwise's, held up by a task that blocks.
import { setTimeout as delay } from "node:timers/promises";
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

async function waits(): Promise<void> {
  await delay(200);
  await asyncio.sleep(0.1);
  await delay(300);
}

async function blocks(): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await asyncio.sleep(0.1);
    pause(0.25);
  }
}

await asyncio.run(() => asyncio.gather(waits, blocks));
