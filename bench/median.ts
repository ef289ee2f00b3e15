/** The value in the middle; of an even number of them, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const above = sorted[Math.floor(middle)];
  if (above === undefined) return Number.NaN;
  if (!Number.isInteger(middle)) return above;
  return (above + (sorted[middle - 1] ?? above)) / 2;
}
