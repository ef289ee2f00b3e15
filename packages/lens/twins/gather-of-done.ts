import * as asyncio from "turnwise";
const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};
await asyncio.run(async () => {
  const job = (s: number) => async () => {
    pause(s);
  };
  const tasks = [0.3, 0.5].map((s) => asyncio.createTask(job(s)));
  await asyncio.sleep(0);
  pause(0.1);
  await asyncio.gather(...tasks);
  pause(0.2);
});
