// A lock that each task finds free, since none lets the others run while it has it.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

async function job(lock: asyncio.Lock): Promise<void> {
  await lock.with(async () => {
    pause(0.15);
  });
  pause(0.2);
}

await asyncio.run(async () => {
  const lock = new asyncio.Lock();
  await asyncio.gather(...[1, 2, 3].map(() => () => job(lock)));
});
