/** What two halves of a pair logged, and where they part. */
export interface Comparison {
  name: string;
  cpython: readonly string[];
  turnwise: readonly string[];
}

export function isEqual({ cpython, turnwise }: Comparison): boolean {
  return cpython.length === turnwise.length && firstDifference(cpython, turnwise) === cpython.length;
}

function firstDifference(one: readonly string[], other: readonly string[]): number {
  let index = 0;
  while (index < one.length && index < other.length && one[index] === other[index]) index++;
  return index;
}

const LINES_BEFORE = 6;
const LINES_AFTER = 8;

/** A readable report of the first difference: what came before it in both, and how each half went on. */
export function explain({ name, cpython, turnwise }: Comparison): string {
  const at = firstDifference(cpython, turnwise);
  const from = Math.max(0, at - LINES_BEFORE);
  const report = [`${name}: the logs differ from line ${at + 1}`];
  if (from > 0) report.push(`             ... ${from} equal lines`);
  for (const line of cpython.slice(from, at)) report.push(`   both      ${line}`);
  report.push(...goesOn("-  CPython ", cpython, at), ...goesOn("+  Turnwise", turnwise, at));
  return report.join("\n");
}

function goesOn(label: string, lines: readonly string[], at: number): string[] {
  const shown = lines.slice(at, at + LINES_AFTER).map((line) => `${label}  ${line}`);
  if (shown.length === 0) return [`${label}  (nothing more)`];
  const left = lines.length - at - shown.length;
  return left > 0 ? [...shown, `${label}  ... ${left} more`] : shown;
}
