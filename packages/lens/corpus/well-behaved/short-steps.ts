// Thousands of short steps, one after the other.
import * as asyncio from "turnwise";

function work(): number {
  let n = 1;
  for (const until = performance.now() + 0.2; performance.now() < until;) n = (n * 7) % 1009;
  return n;
}

await asyncio.run(async () => {
  const worker = async (): Promise<void> => {
    for (let i = 0; i < 500; i++) {
      work();
      await asyncio.sleep(0);
    }
  };
  await asyncio.gather(worker, worker, worker, worker, worker);
});
