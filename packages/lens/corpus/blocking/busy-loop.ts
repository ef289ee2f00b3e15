// A loop that waits for the clock, at the top level.
const until = performance.now() + 300;
while (performance.now() < until); // BLOCKS
