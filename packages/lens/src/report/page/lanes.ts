/**
 * `Lanes`: intervals by lane and time, so that what a window shows is found by binary search, and what falls into one
 * column of pixels is added up at once. Lane 0 is the loop's, lane 1 + i that of the i-th task.
 */
import type { Run } from "./run.ts";

/** What a lane does in an interval. Between its intervals it waits. */
export const RUNS = 0;
/** Ready, and waiting for its turn. */
export const READY = 1;
/** Beside the loop's thread, in the what-if. */
export const AWAY = 2;

/** Intervals of all lanes: those of one lane lie together, in order, and do not overlap. */
export class Lanes {
  readonly begin: Float64Array;
  readonly end: Float64Array;
  readonly kind: Uint8Array;
  /** The step that an interval is of. */
  readonly step: Int32Array;
  /** The seconds of intervals before, by what they are: running, and the rest. */
  readonly #ran: Float64Array;
  readonly #other: Float64Array;
  /** Where each lane begins; one more than lanes. */
  readonly #starts: Int32Array;
  /** From when to when there is something in a lane: for tasks, from made to done. */
  readonly from: Float64Array;
  readonly to: Float64Array;

  constructor(intervals: Intervals, lanes: number) {
    const { count } = intervals;
    this.#starts = new Int32Array(lanes + 1);
    for (let index = 0; index < count; index++) this.#starts[intervals.lane[index]! + 1]!++;
    for (let lane = 0; lane < lanes; lane++) this.#starts[lane + 1]! += this.#starts[lane]!;

    [this.begin, this.end] = [new Float64Array(count), new Float64Array(count)];
    [this.kind, this.step] = [new Uint8Array(count), new Int32Array(count)];
    [this.#ran, this.#other] = [new Float64Array(count + 1), new Float64Array(count + 1)];
    const free = this.#starts.slice();
    for (let index = 0; index < count; index++) {
      const at = free[intervals.lane[index]!]!++;
      this.begin[at] = intervals.begin[index]!;
      this.end[at] = intervals.end[index]!;
      this.kind[at] = intervals.kind[index]!;
      this.step[at] = intervals.step[index]!;
    }
    for (let at = 0; at < count; at++) {
      const length = this.end[at]! - this.begin[at]!;
      const runs = this.kind[at] === RUNS;
      this.#ran[at + 1] = this.#ran[at]! + (runs ? length : 0);
      this.#other[at + 1] = this.#other[at]! + (runs ? 0 : length);
    }
    [this.from, this.to] = [new Float64Array(lanes).fill(Infinity), new Float64Array(lanes).fill(-Infinity)];
    for (let lane = 0; lane < lanes; lane++) {
      if (this.first(lane) === this.last(lane)) continue;
      this.from[lane] = this.begin[this.first(lane)]!;
      this.to[lane] = this.end[this.last(lane) - 1]!;
    }
  }

  get count(): number {
    return this.from.length;
  }

  /** The index of the first interval of a lane. */
  first(lane: number): number {
    return this.#starts[lane]!;
  }

  /** The index behind the last interval of a lane. */
  last(lane: number): number {
    return this.#starts[lane + 1]!;
  }

  /** The first interval of `low` to `high` that ends after `time`. */
  firstAfter(time: number, low: number, high: number): number {
    return search(this.end, time, low, high, false);
  }

  /** The first interval of `low` to `high` that begins at or after `time`; near `low` it is found sooner. */
  firstFrom(time: number, low: number, high: number): number {
    let stride = 1;
    while (low + stride < high && this.begin[low + stride]! < time) stride *= 2;
    return search(this.begin, time, low, Math.min(high, low + stride), true);
  }

  /** Seconds in which intervals from `low` on, before `high`, run. */
  ran(low: number, high: number): number {
    return this.#ran[high]! - this.#ran[low]!;
  }

  /** Seconds in which they are ready or away. */
  other(low: number, high: number): number {
    return this.#other[high]! - this.#other[low]!;
  }
}

/** The first index of `low` to `high` whose value is above `than`, or, `orEqual`, not below it. */
function search(sorted: Float64Array, than: number, low: number, high: number, orEqual: boolean): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle]!;
    if (value > than || (orEqual && value === than)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Intervals in the order of time, before they are sorted into lanes. */
class Intervals {
  count = 0;
  readonly lane: Int32Array;
  readonly begin: Float64Array;
  readonly end: Float64Array;
  readonly kind: Uint8Array;
  readonly step: Int32Array;

  constructor(most: number) {
    [this.lane, this.step, this.kind] = [new Int32Array(most), new Int32Array(most), new Uint8Array(most)];
    [this.begin, this.end] = [new Float64Array(most), new Float64Array(most)];
  }

  add(lane: number, kind: number, step: number, begin: number, end: number): void {
    const at = this.count++;
    this.lane[at] = lane;
    this.kind[at] = kind;
    this.step[at] = step;
    this.begin[at] = begin;
    this.end[at] = end;
  }
}

/** The run as it was. */
export function actualLanes({ steps, tasks, data }: Run): Lanes {
  const intervals = new Intervals(3 * steps.count);
  const lastEnd = new Float64Array(1 + tasks.length);
  for (let step = 0; step < steps.count; step++) {
    const [begin, end] = [steps.begin[step]!, steps.end[step]!];
    intervals.add(0, RUNS, step, begin, end);
    const lane = 1 + steps.task[step]!;
    if (lane === 0) continue;
    // Who is woken while it still runs is shown as ready once it has parked.
    const ready = Math.max(steps.ready[step]!, lastEnd[lane]!);
    lastEnd[lane] = end;
    if (ready < begin) intervals.add(lane, READY, step, ready, begin);
    intervals.add(lane, RUNS, step, begin, end);
  }
  const lanes = new Lanes(intervals, 1 + tasks.length);
  for (const [index, task] of tasks.entries()) {
    const lane = 1 + index;
    lanes.from[lane] = Math.min(lanes.from[lane]!, task.made);
    lanes.to[lane] = Math.max(lanes.to[lane]!, task.done ?? data.duration);
  }
  return lanes;
}

/** The run as it would have been. */
export function predictedLanes({ steps, parts, tasks, data }: Run): Lanes {
  const intervals = new Intervals(2 * parts.count);
  for (let part = 0; part < parts.count; part++) {
    const step = parts.step[part]!;
    const kind = parts.away[part] === 1 ? AWAY : RUNS;
    if (kind === RUNS) intervals.add(0, kind, step, parts.begin[part]!, parts.end[part]!);
    const lane = 1 + (steps.task[step] ?? -1);
    if (lane > 0) intervals.add(lane, kind, step, parts.begin[part]!, parts.end[part]!);
  }
  const lanes = new Lanes(intervals, 1 + tasks.length);
  for (const [index, task] of tasks.entries()) {
    if (task.done === null) lanes.to[1 + index] = data.prediction.seconds;
  }
  return lanes;
}
