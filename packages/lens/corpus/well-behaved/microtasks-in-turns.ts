// Many awaits, with a turn for the host now and then.
let n = 0;
for (let round = 0; round < 60; round++) {
  for (let i = 0; i < 20_000; i++) {
    await Promise.resolve();
    n++;
  }
  await new Promise((resolve) => setImmediate(resolve));
}
console.log(n);
