// Nothing but microtasks: each await ends at once, and the host never gets a turn.
async function spin(): Promise<void> {
  const until = performance.now() + 300;
  while (performance.now() < until) await settled; // BLOCKS
}

const settled = Promise.resolve();
setTimeout(spin, 10);
