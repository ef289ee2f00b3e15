import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

await asyncio.run(async () => {
  const event = new asyncio.Event();
  await asyncio.taskGroup(async (group) => {
    group.createTask(async () => {
      await event.wait();
      await pause(0.3);
    });
    group.createTask(async () => {
      await pause(0.4);
    });
    group.createTask(async () => {
      await pause(0.2);
      event.set();
      await pause(0.4);
    });
  });
});
