/** Calls, many at a time. */

/**
 * So many at a time, one after the other in each of so many lanes.
 * @param join - waits for all lanes.
 * @returns the sum of the results.
 */
export async function sumOfCalls(
  count: number,
  atOnce: number,
  call: (i: number) => PromiseLike<number>,
  join: (lanes: (() => Promise<void>)[]) => PromiseLike<unknown>,
): Promise<number> {
  let next = 0;
  let sum = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const result = await call(next++);
      sum += result;
    }
  };
  await join(Array.from({ length: atOnce }, () => lane));
  return sum;
}

/** Waits for lanes, where they are no tasks. */
export function joinPromises(lanes: (() => Promise<void>)[]): Promise<unknown> {
  return Promise.all(lanes.map((lane) => lane()));
}
