// Case 3 of 3: async code done right. While one task sleeps the other runs, so they take 3 s.
import * as asyncio from "turnwise";

async function sleep(): Promise<void> {
  console.log(`Time: ${elapsed()}`);
  await asyncio.sleep(1); // Lets the other task run.
}

async function sum(name: string, numbers: number[]): Promise<void> {
  let total = 0;
  for (const number of numbers) {
    console.log(`Task ${name}: Computing ${total}+${number}`);
    await sleep();
    total += number;
  }
  console.log(`Task ${name}: Sum = ${total}\n`);
}

async function main(): Promise<void> {
  const tasks = [asyncio.createTask(() => sum("A", [1, 2])), asyncio.createTask(() => sum("B", [1, 2, 3]))];
  await asyncio.wait(tasks);
}

const start = performance.now();
const elapsed = (): string => ((performance.now() - start) / 1000).toFixed(2);

await asyncio.run(main);

console.log(`Time: ${elapsed()} sec`);
