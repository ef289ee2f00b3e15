// `map` with a limit, over a function that blocks.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

await asyncio.run(() =>
  asyncio.map(
    [0.2, 0.3, 0.2, 0.3],
    async (seconds) => {
      pause(seconds);
    },
    { limit: 2 },
  ),
);
