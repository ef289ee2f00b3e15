import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

await asyncio.run(async () => {
  const condition = new asyncio.Condition();
  let news = 0;
  const reader = () =>
    condition.with(async () => {
      await condition.waitFor(() => news >= 2);
      await pause(0.1);
    });
  const writer = async (): Promise<void> => {
    await pause(0.15);
    await condition.with(async () => {
      await pause(0.2);
      news++;
      condition.notifyAll();
    });
    await pause(0.25);
  };
  await asyncio.gather(reader, reader, writer, writer);
});
