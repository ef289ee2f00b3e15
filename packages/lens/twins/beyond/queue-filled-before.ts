// The example of asyncio's documents, done wrong: a queue that is full from the start, and workers that block.
import * as asyncio from "turnwise";

async function worker(queue: asyncio.Queue<number>): Promise<void> {
  for (;;) {
    const seconds = await queue.get();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
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
