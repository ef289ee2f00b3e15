/** How many steps were ready and waited for their turn, over time. */
import type { Trace } from "../trace.ts";
import { Arrivals } from "./sorted.ts";
import { readyAt } from "./steps.ts";

export class ReadySteps {
  readonly #ready: Arrivals;
  readonly #begun: Arrivals;

  constructor(trace: Trace) {
    this.#ready = new Arrivals(Float64Array.from(trace.steps, readyAt));
    this.#begun = new Arrivals(Float64Array.from(trace.steps, ({ begin }) => begin));
  }

  /** The most at once. */
  peak(): number {
    const begun = this.#begun.times;
    let peak = 0;
    let at = 0;
    this.#ready.times.forEach((time, index) => {
      while (at < begun.length && begun[at]! <= time) at++;
      // A step that begins when it is ready is counted off before it is counted: it never waited.
      peak = Math.max(peak, index + 1 - at);
    });
    return peak;
  }

  /** While the thread was blocked: how many there were at its end, and how long they waited in it, summed up. */
  during(begin: number, end: number): { most: number; seconds: number } {
    const most = Math.max(0, this.#ready.before(end) - this.#begun.before(end));
    if (most === 0) return { most, seconds: 0 };
    return { most, seconds: Math.max(0, this.#ready.presence(begin, end) - this.#begun.presence(begin, end)) };
  }
}
