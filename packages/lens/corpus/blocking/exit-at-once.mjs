setTimeout(() => {
  const until = Date.now() + 300;
  while (Date.now() < until); // BLOCKS
  process.exit(3);
}, 20);
