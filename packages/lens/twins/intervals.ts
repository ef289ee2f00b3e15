import { setInterval } from "node:timers/promises";
import * as asyncio from "turnwise";

const cell = new Int32Array(new SharedArrayBuffer(4));

async function pause(seconds: number): Promise<void> {
  Atomics.wait(cell, 0, 0, seconds * 1000);
}

async function tick(milliseconds: number, seconds: number): Promise<void> {
  let count = 0;
  for await (const _ of setInterval(milliseconds)) {
    await pause(seconds);
    if (++count === 4) break;
  }
}

await asyncio.run(() =>
  asyncio.gather(
    () => tick(200, 0.13),
    () => tick(150, 0.12),
    async () => {
      await asyncio.sleep(0.3);
      await pause(0.2);
    },
  ),
);
