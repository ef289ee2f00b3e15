import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

await asyncio.run(() =>
  asyncio.map(
    [0.2, 0.3, 0.2, 0.3],
    async (seconds) => {
      await pause(seconds);
    },
    { limit: 2 },
  ),
);
