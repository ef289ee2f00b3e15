// Two stages, each a group; the second begins when the slowest of the first is done.
import * as asyncio from "turnwise";

const pause = (seconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
};

async function stage(times: number[]): Promise<void> {
  await asyncio.taskGroup(async (group) => {
    for (const seconds of times) {
      group.createTask(async () => {
        pause(seconds);
      });
    }
  });
}

await asyncio.run(async () => {
  await stage([0.15, 0.2, 0.3]);
  await asyncio.sleep(0.1);
  await stage([0.25, 0.2]);
});
