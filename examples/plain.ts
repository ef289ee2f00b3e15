// Case 1 of 3: plain code, no event loop. The two sums take 2 s + 3 s = 5 s.

function sleep(): void {
  console.log(`Time: ${elapsed()}`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000); // Blocks the thread for a second.
}

function sum(name: string, numbers: number[]): void {
  let total = 0;
  for (const number of numbers) {
    console.log(`Task ${name}: Computing ${total}+${number}`);
    sleep();
    total += number;
  }
  console.log(`Task ${name}: Sum = ${total}\n`);
}

const start = performance.now();
const elapsed = (): string => ((performance.now() - start) / 1000).toFixed(2);

sum("A", [1, 2]);
sum("B", [1, 2, 3]);

console.log(`Time: ${elapsed()} sec`);
