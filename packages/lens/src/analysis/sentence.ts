/** A run in one sentence: the first line of its summary, and the heading of its report. */
import type { Summary } from "../summary.ts";
import { inSeconds } from "./figures.ts";

/** From so many seconds on, the time that it took to start is worth saying. */
const STARTUP = 0.05;

/** "5.02 s taken (and 0.21 s to start), blocked for 5.00 s; 3.01 s if it yielded". */
export function sentence({ program, duration, blocked, prediction, counts, dropped }: Summary): string {
  const startup = program.startup >= STARTUP ? ` (and ${inSeconds(program.startup)} to start)` : "";
  const taken = `${inSeconds(duration)} taken${startup}`;
  if (blocked.stretches === 0) {
    // What was dropped may have been blocked.
    return dropped.steps === 0
      ? `${taken}, never blocked`
      : `${taken}, not blocked in the last ${inSeconds(duration - dropped.completeFrom)}`;
  }
  const wasBlocked = `${taken}, blocked for ${inSeconds(blocked.seconds)}`;
  // Without steps of a loop there is nothing that could have run meanwhile.
  if (counts.steps + counts.callbacks === 0) return wasBlocked;
  const worker = prediction.inWorker > 0 ? ` (${inSeconds(prediction.inWorker)} of it in a worker)` : "";
  return `${wasBlocked}; ${inSeconds(prediction.seconds)} if it yielded${worker}`;
}
