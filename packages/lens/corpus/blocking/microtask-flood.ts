// Nothing but microtasks: each await ends at once, and the host never gets a turn.
async function spin(): Promise<void> {
  const until = performance.now() + 300;
  while (performance.now() < until) await null; // BLOCKS
}

setTimeout(spin, 10);
