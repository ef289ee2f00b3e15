import * as asyncio from "turnwise";

async function pause(): Promise<void> {
  await asyncio.sleep(0.25);
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
