import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function job(lock: asyncio.Lock): Promise<void> {
  await lock.with(async () => {
    await pause(0.15);
  });
  await pause(0.2);
}

await asyncio.run(async () => {
  const lock = new asyncio.Lock();
  await asyncio.gather(...[1, 2, 3].map(() => () => job(lock)));
});
