const wait = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until); // BLOCKS
};

await Promise.resolve();
wait(300);
