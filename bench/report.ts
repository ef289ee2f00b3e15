/** What the figures come to: medians, ratios, and whether the targets are met. */
import { median } from "./median.ts";
import type { Measured } from "./rounds.ts";
import type { LibraryName, Row, Target } from "./row.ts";

/** One library's figure in one row. */
export interface Cell {
  readonly median: number;
  /** The median divided by Turnwise's: above 1 Turnwise is the better. Null if either is missing. */
  readonly ratio: number | null;
  /** One figure a round. */
  readonly rounds: readonly number[];
}

/** A target, and whether it is met: null if what it is about was not measured. */
export interface Judged {
  readonly target: Target;
  readonly met: boolean | null;
}

/** A row of the table. */
export interface Line {
  readonly row: Row;
  readonly cells: ReadonlyMap<LibraryName, Cell>;
  readonly targets: readonly Judged[];
}

/** Makes the lines of the table. */
export function reportOf(measured: readonly Measured[]): Line[] {
  const ours = new Map(measured.map(({ row, figures }) => [row.name, medianOf(figures.get("turnwise"))]));
  return measured.map(({ row, figures }) => {
    const own = ours.get(row.name) ?? null;
    const cells = new Map<LibraryName, Cell>();
    for (const [library, rounds] of figures) {
      const middle = medianOf(rounds);
      if (middle !== null) cells.set(library, { median: middle, ratio: own === null ? null : middle / own, rounds });
    }
    const isMet = (target: Target): boolean | null => {
      if (own === null) return null;
      if ("than" in target) {
        const ratio = cells.get(target.than)?.ratio ?? null;
        return ratio === null ? null : ratio >= target.atLeast;
      }
      if ("overRow" in target) {
        const base = ours.get(target.overRow) ?? null;
        return base === null ? null : own - base <= target.atMost;
      }
      if (!("thanRow" in target)) return own <= target.atMost;
      const other = ours.get(target.thanRow) ?? null;
      return other === null ? null : own / other <= target.atMost;
    };
    const targets = row.targets.map((target) => ({ target, met: isMet(target) }));
    return { row, cells, targets };
  });
}

function medianOf(values: readonly number[] | undefined): number | null {
  return values === undefined || values.length === 0 ? null : median(values);
}
