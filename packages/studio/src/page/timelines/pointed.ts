/** What the pointer is over, in words: who, and what about it. */
import { AWAY, READY } from "../../../../lens/src/report/page/lanes.ts";
import type { Hit, Pane } from "../../../../lens/src/report/page/pane.ts";
import type { Run } from "../../../../lens/src/report/page/run.ts";
import { blockedText, nameOf, waitText } from "../../../../lens/src/report/page/words.ts";
import { inUnits } from "../../../../lens/src/report/units.ts";
import type { Slot } from "../slot.ts";

export function pointed(slot: Slot, run: Run, { lanes, isWhatIf }: Pane, hit: Hit): string[] {
  const { lane, isName, blocked, interval, next } = hit;
  const owner = run.tasks[lane - 1]?.name ?? "loop";
  if (isName) return [owner];
  if (blocked !== null) {
    const place = blocked.blame === null ? [] : [`at ${slot.placeInWords(blocked.blame)}`];
    return [`${owner}: ${blockedText(blocked)}`, ...place];
  }
  if (interval >= 0) {
    const length = inUnits(lanes.end[interval]! - lanes.begin[interval]!);
    if (lanes.kind[interval] === READY) return [owner, `ready, waited ${length} for its turn`];
    if (lanes.kind[interval] === AWAY) return [owner, `away ${length}: what blocked, now beside the thread`];
    return [lane === 0 ? nameOf(run, lanes.step[interval]!) : owner, `${isWhatIf ? "would run" : "ran"} ${length}`];
  }
  return lane === 0 ? [owner, "nothing runs"] : [owner, waitText(run, lanes, lane, next, isWhatIf)];
}
