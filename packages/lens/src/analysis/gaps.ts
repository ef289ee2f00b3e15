/** The time between steps in which nothing known ran: the replay keeps it. */
import type { Trace } from "../trace.ts";
import { readyAt } from "./steps.ts";

/** The host's own work before each step, and the lateness of timers; without what was blocked outside of steps. */
export class Gaps {
  /** Before step i, where the loop was idle until it was ready: it was seen so late. */
  readonly unseen: Float64Array;
  /** Before step i, where the thread went from one step to the next. */
  readonly between: Float64Array;
  /** The end of every step and of all before it. */
  readonly ends: Float64Array;

  constructor(trace: Trace) {
    const { steps } = trace;
    this.unseen = new Float64Array(steps.length);
    this.between = new Float64Array(steps.length);
    this.ends = new Float64Array(steps.length);
    const outside = trace.blocked.filter(({ step }) => step === null);
    let at = 0;
    let last = 0;
    steps.forEach((step, index) => {
      const ready = readyAt(step);
      let gap = step.begin - Math.max(ready, last);
      while (at < outside.length && outside[at]!.end <= last) at++;
      for (let n = at; n < outside.length && outside[n]!.begin < step.begin; n++) {
        const { begin, end } = outside[n]!;
        gap -= Math.max(0, Math.min(end, step.begin) - Math.max(begin, ready, last));
      }
      (ready >= last ? this.unseen : this.between)[index] = Math.max(0, gap);
      last = Math.max(last, step.end);
      this.ends[index] = last;
    });
  }
}
