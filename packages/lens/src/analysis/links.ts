/** Who waits for whom in a replay: the causes of the steps, seen from the steps that others wait for. */
import type { Trace } from "../trace.ts";
import type { Causes } from "./causes.ts";
import type { Passages } from "./passages.ts";
import { stepsByTask } from "./steps.ts";

export interface Links {
  /** For each step: for how many things it waits. */
  readonly missing: Uint32Array;
  /** The steps that count from a moment of step i are `followers` from `first[i]` up to `first[i + 1]`. */
  readonly first: Uint32Array;
  readonly followers: Uint32Array;
  /** For each step, the one of the same task that waits for its end; -1 if none does. */
  readonly next: Int32Array;
  /** For the last steps of tasks, the steps that join them. */
  readonly joined: ReadonlyMap<number, readonly number[]>;
}

/** @param inParts - the steps that are replayed in parts. */
export function linksOf(
  { from, previous, offset, joins }: Causes,
  { handed }: Passages,
  cancelled: ReadonlySet<number>,
  inParts: readonly number[],
): Links {
  const count = from.length;
  const missing = new Uint32Array(count).fill(1);
  const first = new Uint32Array(count + 1);
  const followers = new Uint32Array(count);
  const next = new Int32Array(count).fill(-1);
  const joined = new Map<number, number[]>();
  // Who was handed a lock waits for that alone, and asks for it when the step before has ended.
  const follows = (index: number): boolean => from[index]! >= 0 && !handed.has(index);
  for (let index = 0; index < count; index++) {
    if (follows(index)) first[from[index]! + 1]!++;
    const before = previous[index]!;
    if (before < 0 || cancelled.has(index)) continue;
    next[before] = index;
    if (!handed.has(index)) missing[index]!++;
  }
  for (let index = 0; index < count; index++) first[index + 1]! += first[index]!;
  const filled = first.slice();
  for (let index = 0; index < count; index++) {
    if (follows(index)) followers[filled[from[index]!]!++] = index;
  }
  // Where a step has several parts, they are met in the order of their moments.
  for (const index of new Set(inParts)) {
    followers.subarray(first[index]!, first[index + 1]!).sort((a, b) => offset[a]! - offset[b]! || a - b);
  }
  for (const [index, ends] of joins) {
    missing[index]! += ends.length;
    for (const end of ends) {
      const known = joined.get(end);
      if (known === undefined) joined.set(end, [index]);
      else known.push(index);
    }
  }
  return { missing, first, followers, next, joined };
}

/** The last steps of tasks that were cancelled. */
export function cancelledSteps(trace: Trace, { previous }: Causes, { handed }: Passages): Set<number> {
  const steps = new Set<number>();
  const own = stepsByTask(trace);
  for (const { id, outcome } of trace.tasks) {
    const last = outcome === "cancelled" ? own.get(id)?.at(-1) : undefined;
    if (last === undefined || previous[last]! < 0 || handed.has(last)) continue;
    if (trace.steps[last]!.cause === "woken") steps.add(last);
  }
  return steps;
}
