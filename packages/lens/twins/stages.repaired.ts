import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function stage(times: number[]): Promise<void> {
  await asyncio.taskGroup(async (group) => {
    for (const seconds of times) {
      group.createTask(async () => {
        await pause(seconds);
      });
    }
  });
}

await asyncio.run(async () => {
  await stage([0.15, 0.2, 0.3]);
  await asyncio.sleep(0.1);
  await stage([0.25, 0.2]);
});
