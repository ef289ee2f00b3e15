import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function first(): Promise<void> {
  await asyncio.sleep(0.1);
  await pause(0.4);
}

async function attempt(seconds: number): Promise<void> {
  try {
    await asyncio.waitFor(asyncio.sleep(10), seconds);
  } catch (error) {
    if (!(error instanceof asyncio.TimeoutError)) throw error;
    await asyncio.sleep(0.3);
  }
}

await asyncio.run(() =>
  asyncio.gather(
    first,
    () => attempt(0.25),
    () => attempt(0.35),
  ),
);
