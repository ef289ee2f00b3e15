import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function impatient(): Promise<void> {
  try {
    await asyncio.timeout(0.3, () => asyncio.sleep(10));
  } catch (error) {
    if (!(error instanceof asyncio.TimeoutError)) throw error;
  }
  await pause(0.3);
}

async function blocks(): Promise<void> {
  await pause(0.5);
}

await asyncio.run(() => asyncio.gather(impatient, blocks));
