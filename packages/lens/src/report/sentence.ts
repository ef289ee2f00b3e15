/** A run in one sentence. */
import { inSeconds } from "../analysis/figures.ts";
import type { Summary } from "../summary.ts";

/** "5.02 s taken, blocked for 5.00 s; 3.01 s if it yielded". */
export function sentence({ duration, blocked, prediction, counts, dropped }: Summary): string {
  const taken = `${inSeconds(duration)} taken`;
  if (blocked.stretches === 0) {
    // What was dropped may have been blocked.
    return dropped.steps === 0
      ? `${taken}, never blocked`
      : `${taken}, not blocked in the last ${inSeconds(duration - dropped.completeFrom)}`;
  }
  const wasBlocked = `${taken}, blocked for ${inSeconds(blocked.seconds)}`;
  // Without steps of a loop there is nothing that could have run meanwhile.
  if (counts.steps + counts.callbacks === 0) return wasBlocked;
  return `${wasBlocked}; ${inSeconds(prediction.seconds)} if it yielded`;
}
