/** The repetition of a measurement. */

/** Takes `most` values, at least one; begins no further one after `budget` ms. */
export async function repeat(once: () => Promise<number>, most: number, budget: number): Promise<number[]> {
  const end = performance.now() + budget;
  const values = [await once()];
  while (values.length < most && performance.now() < end) values.push(await once());
  return values;
}
