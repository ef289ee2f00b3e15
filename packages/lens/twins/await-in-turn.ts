// Tasks that are awaited one after another: all but the first are found done.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

async function job(seconds: number): Promise<number> {
  pause(seconds);
  return seconds;
}

await asyncio.run(async () => {
  const tasks = [0.2, 0.35, 0.15].map((seconds) => asyncio.createTask(() => job(seconds)));
  for (const task of tasks) {
    await task;
    pause(0.1);
  }
});
