// A timeout that comes late, since another task holds the thread.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

async function impatient(): Promise<void> {
  try {
    await asyncio.timeout(0.3, () => asyncio.sleep(10));
  } catch (error) {
    if (!(error instanceof asyncio.TimeoutError)) throw error;
  }
  pause(0.3);
}

async function blocks(): Promise<void> {
  pause(0.5);
}

await asyncio.run(() => asyncio.gather(impatient, blocks));
