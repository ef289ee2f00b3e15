/** A lock or a semaphore in a replay: who has it when. */
import { TimeHeap } from "./heap.ts";

/** Slots that steps take and let go. Times only grow, but a slot may be known to be free at a later time. */
export class Slots {
  /** When each free slot is free. */
  readonly #free = new TimeHeap();
  /** Who waits, first in, first out: of these, those from `#first` on. */
  readonly #waiting: number[] = [];
  #first = 0;
  /** For tasks, how many slots they did not take, since that was left out, and so can't let go. */
  readonly #skipped = new Map<number | null, number>();

  constructor(free: number) {
    for (let n = 0; n < free; n++) this.#free.push(0, n);
  }

  /** @returns from when on `step` has a slot; undefined if none is free: then it waits. */
  take(step: number, time: number): number | undefined {
    if (this.#free.size > 0) return Math.max(time, this.#free.pop().time);
    this.#waiting.push(step);
    return undefined;
  }

  /** A slot is free from `time` on. @returns the first of those who wait and still want it: it has the slot now. */
  letGo(time: number, wants: (step: number) => boolean): number | undefined {
    while (this.#first < this.#waiting.length) {
      const step = this.#waiting[this.#first++]!;
      if (wants(step)) return step;
    }
    this.#free.push(time, 0);
    return undefined;
  }

  /** What `task` did not take it will not let go. */
  skip(task: number | null): void {
    this.#skipped.set(task, (this.#skipped.get(task) ?? 0) + 1);
  }

  /** Whether `task` did not take what it lets go now. */
  wasSkipped(task: number | null): boolean {
    const count = this.#skipped.get(task) ?? 0;
    if (count > 0) this.#skipped.set(task, count - 1);
    return count > 0;
  }
}
