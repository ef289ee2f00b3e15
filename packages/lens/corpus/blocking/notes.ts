// The notes' second program, with shorter sleeps.
import * as asyncio from "turnwise";

async function sleep(): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250); // BLOCKS Atomics.wait
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

await asyncio.run(async () => {
  await asyncio.wait([asyncio.createTask(() => sum("A", [1, 2])), asyncio.createTask(() => sum("B", [1, 2, 3]))]);
});
