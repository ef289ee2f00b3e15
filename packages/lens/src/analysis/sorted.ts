/** Questions to sorted times, each answered by binary search. */

/** How many of the sorted `times` are less than `time`; with `orEqual`, at most it. */
export function countBefore(times: Float64Array, time: number, orEqual = false): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = times[middle]!;
    if (value < time || (orEqual && value === time)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many things have begun, over time: their number at a moment, and its integral. */
export class Arrivals {
  readonly #times: Float64Array;
  /** Of the first n times. */
  readonly #sums: Float64Array;

  constructor(times: Float64Array) {
    this.#times = times.toSorted();
    this.#sums = new Float64Array(times.length + 1);
    for (let n = 0; n < times.length; n++) this.#sums[n + 1] = this.#sums[n]! + this.#times[n]!;
  }

  /** How many came before `time`. */
  before(time: number): number {
    return countBefore(this.#times, time);
  }

  /** For how long they have been there between `from` and `to`, summed up. */
  presence(from: number, to: number): number {
    return this.#presenceUntil(to) - this.#presenceUntil(from);
  }

  #presenceUntil(time: number): number {
    const count = this.before(time);
    return count * time - this.#sums[count]!;
  }

  /** In order. */
  get times(): Float64Array {
    return this.#times;
  }
}
