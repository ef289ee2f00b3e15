function* numbers(): Generator<number> {
  let n = 0;
  for (const until = Date.now() + 300; Date.now() < until;) n = (n * 7 + 1) % 1009; // BLOCKS
  yield n;
}

setTimeout(() => {
  for (const n of numbers()) console.log(n >= 0);
}, 5);
