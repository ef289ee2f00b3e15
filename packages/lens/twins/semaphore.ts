// Two at a time, and each blocks.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

await asyncio.run(async () => {
  const semaphore = new asyncio.Semaphore(2);
  const job = () =>
    semaphore.with(async () => {
      pause(0.2);
    });
  await asyncio.gather(job, job, job, job, job);
});
