import { setTimeout as delay } from "node:timers/promises";
import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function waits(): Promise<void> {
  await delay(200);
  await asyncio.sleep(0.1);
  await delay(300);
}

async function blocks(): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await asyncio.sleep(0.1);
    await pause(0.25);
  }
}

await asyncio.run(() => asyncio.gather(waits, blocks));
