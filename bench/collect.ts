/** Garbage, and how to be rid of it. */

/** The garbage of a warm-up goes only in the third: with fewer a look at memory would count it. */
export const COLLECTIONS = 4;

/** Collects garbage, so many times. */
export function collect(times: number): void {
  if (gc === undefined) throw new Error("run this with node --expose-gc");
  for (let i = 0; i < times; i++) gc();
}
