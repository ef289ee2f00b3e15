// Tasks that gather tasks of their own: the news of an end queue behind others that block.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

const leaf = (seconds: number) => async (): Promise<void> => {
  pause(seconds);
};

const branch = (seconds: number) => async (): Promise<void> => {
  await asyncio.gather(leaf(seconds), leaf(seconds / 2));
  pause(0.2);
};

await asyncio.run(async () => {
  await asyncio.gather(branch(0.2), branch(0.3), branch(0.1));
  pause(0.1);
});
