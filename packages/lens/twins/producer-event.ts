// An event that is set late.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

await asyncio.run(async () => {
  const event = new asyncio.Event();
  await asyncio.taskGroup(async (group) => {
    group.createTask(async () => {
      await event.wait();
      pause(0.3);
    });
    group.createTask(async () => {
      pause(0.4);
    });
    group.createTask(async () => {
      pause(0.2);
      event.set();
      pause(0.4);
    });
  });
});
