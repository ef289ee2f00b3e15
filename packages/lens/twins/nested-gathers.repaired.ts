import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

const leaf = (seconds: number) => async (): Promise<void> => {
  await pause(seconds);
};

const branch = (seconds: number) => async (): Promise<void> => {
  await asyncio.gather(leaf(seconds), leaf(seconds / 2));
  await pause(0.2);
};

await asyncio.run(async () => {
  await asyncio.gather(branch(0.2), branch(0.3), branch(0.1));
  await pause(0.1);
});
