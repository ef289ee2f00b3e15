import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

await asyncio.run(async () => {
  const semaphore = new asyncio.Semaphore(2);
  const job = () =>
    semaphore.with(async () => {
      await pause(0.2);
    });
  await asyncio.gather(job, job, job, job, job);
});
