/** How the cost of something grows: tests of that hold on a machine of any speed, and on a busy one. */

/**
 * How many times as much processor time `run` takes for eight times as much: 8 if each part costs the same, 64 if each
 * costs as much as there are.
 */
export async function growth(n: number, run: (n: number) => unknown): Promise<number> {
  await run(n); // Compiled, and warm.
  const small = await least(() => run(n));
  return (await least(() => run(8 * n))) / small;
}

/** The least of five times, in microseconds. */
async function least(run: () => unknown): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    await run();
    // Their sum is exact; how it is shared out between them is not.
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return Math.max(best, 1);
}

/** More than this is not linear: nearer to 64 than to 8. */
export const LINEAR = 32;
