// A long computation that gives the loop a turn every 5 ms.
function slice(from: number): void {
  let n = from;
  for (const until = performance.now() + 5; performance.now() < until;) n++;
  if (performance.now() < 1500) setImmediate(slice, n);
}
slice(0);
