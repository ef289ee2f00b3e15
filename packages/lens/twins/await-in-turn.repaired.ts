import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function job(seconds: number): Promise<number> {
  await pause(seconds);
  return seconds;
}

await asyncio.run(async () => {
  const tasks = [0.2, 0.35, 0.15].map((seconds) => asyncio.createTask(() => job(seconds)));
  for (const task of tasks) {
    await task;
    await pause(0.1);
  }
});
