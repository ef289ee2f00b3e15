/**
 * When something from outside came: I/O, a promise that is not Turnwise's. The trace knows only when it was seen. While
 * the thread was blocked it could not be seen, so it may have been there already.
 */
import type { Trace } from "../trace.ts";
import { readyAt } from "./steps.ts";

/** What is seen within so many seconds of a blocked stretch may have come during it: host code runs first, too. */
export const SEEN_AT_ONCE = 0.05;
/** At most so many stretches that follow each other are looked at for one event. */
const STRETCHES = 1000;

interface Busy {
  readonly begin: number;
  readonly end: number;
  /** How long of it was blocked. */
  readonly from: number;
  readonly to: number;
  readonly cpu: boolean;
  /** When whose code it is came in from outside: its task was made, its callback called. Infinite if nobody knows. */
  readonly origin: number;
}

/**
 * How late events from outside were seen, at most.
 *
 * An event that was seen right after the thread had been blocked came at the earliest when the wait for it began. But
 * the blocked code may itself be what was waited for: a handler in the same process that answers a request. That can
 * only be code which itself came in from outside after the wait began: a task that was made since, a callback. Of such
 * stretches one is taken to be it.
 */
export class LateEvents {
  readonly #busy: readonly Busy[];
  readonly #cores: number;

  constructor(trace: Trace, previous: Int32Array) {
    const origins = originsOf(trace, previous);
    this.#cores = Math.max(1, trace.program.cores);
    const made = new Map(trace.tasks.map((task) => [task.id, task.made]));
    this.#busy = trace.blocked.map(({ begin, end, kind, step: index, task }) => {
      const step = index === null ? undefined : trace.steps[index];
      return {
        begin: Math.min(begin, step?.begin ?? begin),
        end: Math.max(end, step?.end ?? end),
        from: begin,
        to: end,
        cpu: kind === "cpu",
        origin: (task === null ? (index === null ? undefined : origins[index]) : made.get(task)) ?? Infinity,
      };
    });
  }

  /** @returns by how many seconds an event that was waited for since `since` and seen at `seen` may have been late. */
  lateness(since: number, seen: number): number {
    let at = this.#lastBefore(seen);
    if (at >= 0 && this.#busy[at]!.end > seen) return 0; // Noted within the step itself: at its true time.
    let edge = seen;
    let blocked = 0;
    let longest = 0;
    let computed = 0;
    for (let count = 0; at >= 0 && count < STRETCHES; count++, at--) {
      const busy = this.#busy[at]!;
      if (busy.end <= since || edge - busy.end > SEEN_AT_ONCE) break;
      const seconds = Math.max(0, Math.min(busy.to, seen) - Math.max(busy.from, since));
      blocked += seconds;
      if (busy.origin > since) {
        longest = Math.max(longest, seconds);
        if (busy.cpu) computed += seconds;
      }
      edge = busy.begin;
    }
    return Math.max(0, blocked - Math.max(longest, computed / this.#cores));
  }

  #lastBefore(time: number): number {
    let low = 0;
    let high = this.#busy.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#busy[middle]!.begin < time) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** For each step, when what it reacts to came in from outside; -Infinity if nothing did. */
function originsOf(trace: Trace, previous: Int32Array): Float64Array {
  const origins = new Float64Array(trace.steps.length).fill(-Infinity);
  trace.steps.forEach((step, index) => {
    const from = step.by >= 0 ? step.by : (previous[index] ?? -1);
    if (step.cause === "outside") origins[index] = readyAt(step);
    else if (from >= 0 && from < index) origins[index] = origins[from]!;
    else if (step.by < 0 && index > 0) origins[index] = readyAt(step); // Begun by code outside the loop.
  });
  return origins;
}
