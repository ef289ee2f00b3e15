// News that one waits for, while others hold the condition's lock.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

await asyncio.run(async () => {
  const condition = new asyncio.Condition();
  let news = 0;
  const reader = () =>
    condition.with(async () => {
      await condition.waitFor(() => news >= 2);
      pause(0.1);
    });
  const writer = async (): Promise<void> => {
    pause(0.15);
    await condition.with(async () => {
      pause(0.2);
      news++;
      condition.notifyAll();
    });
    pause(0.25);
  };
  await asyncio.gather(reader, reader, writer, writer);
});
