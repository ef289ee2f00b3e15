// Bundled and minified by the tests: functions under the names that were written.
function since(): number {
  return performance.now();
}

async function first(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 10));
  let sum = 0;
  for (const until = since() + 200; performance.now() < until;) sum = (sum * 31 + 7) % 65_521; // BLOCKS
  return sum;
}

const second = (sum: number): number => {
  for (const until = since() + 200; performance.now() < until;) sum = (sum * 31 + 7) % 65_521; // BLOCKS
  return sum;
};

console.log(second(await first()));
