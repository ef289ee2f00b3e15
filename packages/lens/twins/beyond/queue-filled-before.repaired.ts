import * as asyncio from "turnwise";

async function worker(queue: asyncio.Queue<number>): Promise<void> {
  for (;;) {
    const seconds = await queue.get();
    await asyncio.sleep(seconds);
    queue.taskDone();
  }
}

await asyncio.run(async () => {
  const queue = new asyncio.Queue<number>();
  for (let n = 0; n < 6; n++) queue.putNowait(0.2);
  const workers = [1, 2, 3].map(() => asyncio.createTask(() => worker(queue)));
  await queue.join();
  for (const each of workers) each.cancel();
});
