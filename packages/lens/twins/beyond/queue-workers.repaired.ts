import * as asyncio from "turnwise";

const pause = (seconds: number): Promise<void> => asyncio.sleep(seconds);

async function worker(queue: asyncio.Queue<number>): Promise<void> {
  for (;;) {
    await pause(await queue.get());
    queue.taskDone();
  }
}

await asyncio.run(async () => {
  const queue = new asyncio.Queue<number>();
  const workers = [1, 2, 3].map(() => asyncio.createTask(() => worker(queue)));
  await asyncio.sleep(0);
  for (const seconds of [0.3, 0.2, 0.25]) await queue.put(seconds);
  await queue.join();
  for (const each of workers) each.cancel();
});
