// Much garbage in short steps.
let kept: { values: number[] }[] = [];
for (let round = 0; round < 150; round++) {
  for (let i = 0; i < 2000; i++) kept.push({ values: [i, i + 1, i + 2] });
  if (kept.length > 10_000) kept = [];
  await new Promise((resolve) => setImmediate(resolve));
}
console.log(kept.length >= 0);
