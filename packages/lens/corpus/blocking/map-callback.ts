const items = Array.from({ length: 3000 }, (_, i) => i);

function price(item: number): number {
  let n = item;
  for (const until = performance.now() + 0.1; performance.now() < until;) n = (n * 3) % 1009; // BLOCKS
  return n;
}

setTimeout(() => console.log(items.map(price).length), 10);
