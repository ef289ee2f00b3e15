/** `Order`: points in a run, sorted, so that it is quick to say how many of them have passed. */

/** A point is a time, and the step that must have begun as well: many steps may have one time. */
export class Order {
  /** For each point, how many are before it. */
  readonly rank: Int32Array;
  readonly #times: Float64Array;
  readonly #steps: Int32Array;

  constructor(times: Float64Array, steps: Int32Array) {
    const { length } = times;
    const sorted = Int32Array.from({ length }, (_, index) => index).sort(
      (a, b) => times[a]! - times[b]! || steps[a]! - steps[b]! || a - b,
    );
    this.rank = new Int32Array(length);
    for (let at = 0; at < length; at++) this.rank[sorted[at]!] = at;
    this.#times = Float64Array.from(sorted, (index) => times[index]!);
    this.#steps = Int32Array.from(sorted, (index) => steps[index]!);
  }

  /** How many have passed at a time, when `step` is the last that has begun: those whose rank is below. */
  count(time: number, step: number): number {
    let [low, high] = [0, this.#times.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.#times[middle]!;
      if (at < time || (at === time && this.#steps[middle]! <= step)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
