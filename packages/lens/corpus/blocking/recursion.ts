function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); // BLOCKS
}

setTimeout(() => {
  const until = Date.now() + 300;
  let n = 25;
  while (Date.now() < until) n = 25 + (fibonacci(n) % 2);
}, 5);
