import { setTimeout as delay } from "node:timers/promises";
import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function load(): Promise<void> {
  for (let n = 0; n < 4; n++) {
    await delay(100);
    await pause(0.15);
  }
}

await asyncio.run(() => asyncio.gather(load, load, load));
