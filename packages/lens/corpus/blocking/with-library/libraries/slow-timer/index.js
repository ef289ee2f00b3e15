setTimeout(function poll() {
  const until = Date.now() + 300;
  while (Date.now() < until); // BLOCKS
}, 10);
