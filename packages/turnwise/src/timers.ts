/** The timers that are set: a heap by time and, between equal times, by the order in which they were set. */
import type { Runnable } from "./ready.ts";

/** What waits for a time: a `TimerHandle`, a sleep. */
export interface Timer extends Runnable {
  /** @internal The loop's time at which it is due. */
  readonly _when: number;
  /** @internal Rises with each timer that is set: breaks ties. */
  _seq: number;
  /** @internal Nobody wants it any more; it leaves the heap later, with others. */
  readonly _dropped: boolean;
}

/** A timer that is due within so many seconds counts as due (asyncio's clock resolution). */
const CLOCK_RESOLUTION = 1e-9;
/** Below this size a heap full of cancelled timers is not worth a clean-up (asyncio's figure). */
const MIN_TO_PURGE = 100;

export class TimerHeap {
  readonly #heap: Timer[] = [];
  #dropped = 0;
  #seq = 0;

  /** How many are in the heap, cancelled ones that have not left it yet included. */
  get size(): number {
    return this.#heap.length;
  }

  push(timer: Timer): void {
    timer._seq = this.#seq++;
    const heap = this.#heap;
    heap.push(timer);
    this.#up(heap.length - 1, timer);
  }

  /** A timer in the heap was cancelled. Once more than half of them are, they leave in one sweep. */
  noteDropped(): void {
    this.#dropped++;
    if (this.#heap.length > MIN_TO_PURGE && this.#dropped * 2 > this.#heap.length) this.#purge();
  }

  /** The earliest deadline; `null` where there is none. */
  nextDeadline(): number | null {
    const heap = this.#heap;
    while (heap.length > 0 && (heap[0] as Timer)._dropped) {
      this.#dropped--;
      this.#pop();
    }
    const when = heap.length > 0 ? (heap[0] as Timer)._when : Infinity;
    return when === Infinity ? null : when; // A timer that is never due sets no deadline.
  }

  /** Takes the earliest timer if it is due at `now`, or so soon after it that it counts; `undefined` where none is. */
  takeDue(now: number): Timer | undefined {
    const heap = this.#heap;
    while (heap.length > 0) {
      const top = heap[0] as Timer;
      // In two comparisons: after some months the sum is `now` itself.
      if (!top._dropped && top._when > now && top._when >= now + CLOCK_RESOLUTION) return undefined;
      this.#pop();
      if (!top._dropped) return top;
      this.#dropped--;
    }
    return undefined;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#dropped = 0;
  }

  #purge(): void {
    const live = this.#heap.filter((timer) => !timer._dropped);
    this.clear();
    for (const timer of live) {
      this.#heap.push(timer);
      this.#up(this.#heap.length - 1, timer);
    }
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

  /** Removes the top. */
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
