// Each as it is done, with something to do for each.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

async function page(seconds: number): Promise<number> {
  pause(seconds);
  return seconds;
}

await asyncio.run(async () => {
  const pages = [0.1, 0.25, 0.4].map((seconds) => () => page(seconds));
  for await (const each of asyncio.asCompleted(pages)) {
    each.result();
    pause(0.1);
  }
});
