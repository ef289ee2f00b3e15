/** The timers that are set, by time and, between equal times, by the order in which they were set. */
import type { Runnable } from "./ready.ts";
import { Ring } from "./ring.ts";

/** What waits for a time: a `TimerHandle`, a sleep. */
export interface Timer extends Runnable {
  /** @internal The loop's time at which it is due. */
  readonly _when: number;
  /** @internal Rises with each timer that is set: breaks ties. Once it was taken because it is due, its complement. */
  _seq: number;
  /** @internal Nobody wants it any more; it leaves later, with others. */
  readonly _dropped: boolean;
}

/** A timer that is due within so many seconds counts as due (asyncio's clock resolution). */
const CLOCK_RESOLUTION = 1e-9;
/** With fewer timers than this a clean-up of cancelled ones is not worth it (asyncio's figure). */
const MIN_TO_PURGE = 100;
/**
 * So many runs: a program has few durations that it uses often, and those of one duration are a run. What is never due
 * closes one for ever.
 */
const RUNS = 5;

/**
 * Most timers are due later than those of their kind that were set before: they stand in a few sorted runs, where to
 * enter and to leave costs the same however many there are. Those that fit at no end of a run are in a heap.
 */
export class Timers {
  /** How many are set, cancelled ones that have not left yet included. */
  size = 0;
  readonly #runs: Ring<Timer>[] = [];
  /** When the last timer of each run is due. */
  readonly #ends: number[] = [];
  readonly #heap: Timer[] = [];
  /** The run of the timer that {@link #earliest} found; -1 for the heap. */
  #from = -1;
  #dropped = 0;
  #seq = 0;

  push(timer: Timer): void {
    timer._seq = this.#seq++;
    this.size++;
    const when = timer._when;
    for (let i = 0; i < RUNS; i++) {
      if (when < (this.#ends[i] ?? -Infinity)) continue;
      this.#ends[i] = when;
      (this.#runs[i] ??= new Ring()).push(timer);
      return;
    }
    this.#up(this.#heap.push(timer) - 1, timer);
  }

  /** A timer that is set was cancelled. Once more than half of them are, they leave in one sweep. */
  noteDropped(): void {
    this.#dropped++;
    if (this.size > MIN_TO_PURGE && this.#dropped * 2 > this.size) this.#purge();
  }

  /** The earliest deadline; `null` where there is none. */
  nextDeadline(): number | null {
    const when = this.#earliest()?._when ?? Infinity;
    return when === Infinity ? null : when; // A timer that is never due sets no deadline.
  }

  /** Takes the earliest timer if it is due at `now`, or so soon after it that it counts; `undefined` where none is. */
  takeDue(now: number): Timer | undefined {
    const timer = this.#earliest();
    // In two comparisons: after some months the sum is `now` itself.
    if (timer === undefined || (timer._when > now && timer._when >= now + CLOCK_RESOLUTION)) return undefined;
    this.#take();
    timer._seq = ~timer._seq;
    return timer;
  }

  clear(): void {
    this.#runs.length = this.#ends.length = this.#heap.length = this.#dropped = this.size = 0;
  }

  /** The first that is still wanted. */
  #earliest(): Timer | undefined {
    while (this.size > 0) {
      let first = this.#heap[0];
      this.#from = -1;
      for (let i = 0; i < this.#runs.length; i++) {
        const head = (this.#runs[i] as Ring<Timer>).peek();
        if (head !== undefined && (first === undefined || before(head, first))) {
          first = head;
          this.#from = i;
        }
      }
      if (!(first as Timer)._dropped) return first;
      this.#dropped--;
      this.#take();
    }
    return undefined;
  }

  /** Removes what {@link #earliest} found. */
  #take(): void {
    this.size--;
    const run = this.#runs[this.#from];
    if (run === undefined) this.#pop();
    else {
      run.shift();
      if (run.size === 0) this.#ends[this.#from] = -Infinity;
      run.trim();
    }
  }

  #purge(): void {
    const live = [...this.#heap];
    for (const run of this.#runs) while (run.size > 0) live.push(run.shift());
    this.clear();
    const run = (this.#runs[0] = new Ring());
    for (const timer of live.filter(({ _dropped }) => !_dropped).sort((a, b) => (before(a, b) ? -1 : 1))) {
      run.push(timer);
      this.#ends[0] = timer._when;
    }
    this.size = run.size;
  }

  #up(from: number, timer: Timer): void {
    const heap = this.#heap;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Timer;
      if (!before(timer, above)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = timer;
  }

  /** Removes the top of the heap. */
  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Timer;
    const size = heap.length;
    if (size === 0) return;
    // Sink a hole to the bottom along the smaller children, then let the last timer rise from there: the last one is
    // usually among the latest, so this saves a comparison a level.
    let hole = 0;
    let child = 1;
    while (child < size) {
      const right = child + 1;
      if (right < size && before(heap[right] as Timer, heap[child] as Timer)) child = right;
      heap[hole] = heap[child] as Timer;
      hole = child;
      child = 2 * hole + 1;
    }
    this.#up(hole, last);
  }
}

function before(a: Timer, b: Timer): boolean {
  return a._when < b._when || (a._when === b._when && a._seq < b._seq);
}
