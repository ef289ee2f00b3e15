// process.nextTick in short bursts.
let rounds = 0;
const timer = setInterval(() => {
  let left = 500;
  const step = (): void => {
    if (--left > 0) process.nextTick(step);
  };
  step();
  if (++rounds === 50) clearInterval(timer);
}, 5);
