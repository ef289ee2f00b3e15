import { setTimeout as delay } from "node:timers/promises";
import * as asyncio from "turnwise";

const cell = new Int32Array(new SharedArrayBuffer(4));
const pause = (seconds: number): unknown => Atomics.wait(cell, 0, 0, seconds * 1000);

async function load(): Promise<void> {
  for (let n = 0; n < 4; n++) {
    await delay(100);
    pause(0.15);
  }
}

await asyncio.run(() => asyncio.gather(load, load, load));
