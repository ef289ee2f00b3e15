let ticks = 0;
const timer = setInterval(() => {
  if (++ticks < 3) return;
  clearInterval(timer);
  for (const until = Date.now() + 300; Date.now() < until;) ticks++; // BLOCKS
}, 10);
