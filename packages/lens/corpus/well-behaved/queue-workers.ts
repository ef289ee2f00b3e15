import * as asyncio from "turnwise";

await asyncio.run(async () => {
  const queue = new asyncio.Queue<number>(10);
  let handled = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      await queue.get();
      for (const until = performance.now() + 0.5; performance.now() < until;) handled += 0;
      handled++;
      queue.taskDone();
    }
  };
  const workers = Array.from({ length: 4 }, () => asyncio.createTask(worker));
  for (let i = 0; i < 1000; i++) await queue.put(i);
  await queue.join();
  for (const task of workers) task.cancel();
  console.log(handled);
});
