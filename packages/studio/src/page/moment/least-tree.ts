/** `LeastTree`: a row of numbers of which those below a limit are found without looking at the others. */

export class LeastTree {
  /** How many numbers there is room for: a power of two. */
  readonly size: number;
  /** Node 1 is the root, 2n and 2n + 1 are below n, the numbers lie at `size` and behind. Each is the least below it. */
  readonly least: Float64Array;

  constructor(numbers: Int32Array) {
    this.size = 2 ** Math.ceil(Math.log2(Math.max(1, numbers.length)));
    this.least = new Float64Array(2 * this.size).fill(Infinity);
    this.least.set(numbers, this.size);
    for (let node = this.size - 1; node > 0; node--) {
      this.least[node] = Math.min(this.least[2 * node]!, this.least[2 * node + 1]!);
    }
  }
}

export interface Condition {
  readonly tree: LeastTree;
  readonly below: number;
}

/** The first `most` indices of `from` to before `to` at which each tree's number is below its limit. */
export function collect(
  conditions: readonly [Condition, ...Condition[]] | Condition[],
  from: number,
  to: number,
  most: number,
): number[] {
  const found: number[] = [];
  const { size } = conditions[0]!.tree;
  const visit = (node: number, first: number, length: number): void => {
    if (found.length >= most || first >= to || first + length <= from) return;
    for (const { tree, below } of conditions) if (!(tree.least[node]! < below)) return;
    if (length === 1) {
      found.push(first);
      return;
    }
    visit(2 * node, first, length / 2);
    visit(2 * node + 1, first + length / 2, length / 2);
  };
  visit(1, 0, size);
  return found;
}
