import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function page(seconds: number): Promise<number> {
  await pause(seconds);
  return seconds;
}

await asyncio.run(async () => {
  const pages = [0.1, 0.25, 0.4].map((seconds) => () => page(seconds));
  for await (const each of asyncio.asCompleted(pages)) {
    each.result();
    await pause(0.1);
  }
});
