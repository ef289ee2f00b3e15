import * as asyncio from "turnwise";
const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);
await asyncio.run(async () => {
  const job = (s: number) => async () => {
    await pause(s);
  };
  const tasks = [0.3, 0.5].map((s) => asyncio.createTask(job(s)));
  await asyncio.sleep(0);
  await pause(0.1);
  await asyncio.gather(...tasks);
  await pause(0.2);
});
