// The library calls back: the blocking line is the program's own.
import { each } from "@scope/each";

function total(prices) {
  let sum = 0;
  each(prices, (price) => {
    const until = performance.now() + 0.2;
    while (performance.now() < until) sum += price; // BLOCKS
  });
  return sum;
}

setTimeout(() => console.log(total(Array.from({ length: 2000 }, (_, i) => i)) > 0), 10);
