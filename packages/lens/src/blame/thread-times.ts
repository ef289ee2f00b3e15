/** How long the main thread had a processor, and how long it waited for one, as series of readings. */

export interface ThreadTime {
  /** Seconds on a processor. */
  readonly ran: number;
  /** Seconds in which it could have run, but the machine was busy with others. 0 where the system doesn't tell. */
  readonly delayed: number;
}

/** The readings are (time, ran, delayed) triples in a ring that another thread may write to. */
export class ThreadTimes {
  readonly #readings: Float64Array;
  readonly #count: () => number;
  readonly #offset: number;

  /** @param offset - what to add to the readings' times. */
  constructor(readings: Float64Array, count: () => number, offset: number) {
    this.#readings = readings;
    this.#count = count;
    this.#offset = offset;
  }

  /** What passed between two moments: null if no readings are near them. */
  between(begin: number, end: number): ThreadTime | null {
    const from = this.#at(begin);
    const to = this.#at(end);
    if (from === null || to === null) return null;
    const length = end - begin;
    return {
      ran: Math.min(length, Math.max(0, to.ran - from.ran)),
      delayed: Math.min(length, Math.max(0, to.delayed - from.delayed)),
    };
  }

  /** The sums at a moment: between two readings in proportion, beyond them as in the nearest stretch. */
  #at(time: number): ThreadTime | null {
    const capacity = this.#readings.length / 3;
    const count = this.#count();
    // The oldest may be under the writer's pen.
    const first = Math.max(0, count - capacity + 1);
    if (count - first < 2) return null;
    const field = (i: number, k: number): number => this.#readings[(i % capacity) * 3 + k]!;
    const moment = time - this.#offset;
    let low = first;
    let high = count - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (field(middle, 0) <= moment) low = middle;
      else high = middle;
    }
    const span = field(high, 0) - field(low, 0);
    const part = span > 0 ? (moment - field(low, 0)) / span : 0;
    const value = (k: number): number => field(low, k) + (field(high, k) - field(low, k)) * part;
    return { ran: value(1), delayed: value(2) };
  }
}
