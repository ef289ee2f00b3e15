/** How long a replayed run takes. */
import type { Trace } from "../trace.ts";
import type { Gaps } from "./gaps.ts";
import { SEEN_AT_ONCE } from "./outside.ts";
import { countBefore } from "./sorted.ts";

/** @param replayed - for each step, when it ends now. */
export function lengthOf(trace: Trace, { ends }: Gaps, replayed: Float64Array): number {
  const { steps, tasks, blocked, duration } = trace;
  const last = ends.at(-1) ?? 0;
  const pending = new Set(tasks.flatMap(({ id, outcome }) => (outcome === "pending" ? [id] : [])));
  let latest = 0;
  for (let index = 0; index < steps.length; index++) {
    // The run did not wait for those that were pending at its end.
    const isLeft = pending.has(steps[index]!.task ?? -1) && index < steps.length - 1;
    if (!isLeft) latest = Math.max(latest, replayed[index]!);
  }
  // Outside of steps: each still takes its time, but those that follow each other may have gone on together.
  let together = 0;
  let edge = -Infinity;
  for (const { step, begin, end } of blocked) {
    if (step !== null || end > last) continue;
    if (begin - edge > SEEN_AT_ONCE) together = begin;
    edge = end;
    const before = countBefore(ends, together, true) - 1;
    const shift = before < 0 ? 0 : replayed[before]! - steps[before]!.end;
    latest = Math.max(latest, together + (end - begin) + Math.min(0, shift));
  }
  return latest + Math.max(0, duration - last);
}
