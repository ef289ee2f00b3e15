// The program of the notes, faster: tasks that sleep without letting others run.
import * as asyncio from "turnwise";

async function pause(): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
}

async function sum(numbers: number[]): Promise<number> {
  let total = 0;
  for (const number of numbers) {
    await pause();
    total += number;
  }
  return total;
}

await asyncio.run(async () => {
  await asyncio.wait([asyncio.createTask(() => sum([1, 2])), asyncio.createTask(() => sum([1, 2, 3]))]);
});
