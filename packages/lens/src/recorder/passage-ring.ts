/** `PassageRing`: where tasks passed what might have made them wait, the newest in a fixed amount of memory. */
import type { Passage } from "../trace.ts";
import { seconds } from "./step-ring.ts";

const KINDS: readonly Passage["kind"][] = ["passed", "acquired", "released"];

/** How many bytes a passage takes. */
export const PASSAGE_BYTES: number = 2 * 8 + 4 * 4 + 2;

/** Columns of numbers, overwritten from the oldest on. Steps are counted from the first that was ever recorded. */
export class PassageRing {
  /** How many were ever written. */
  count = 0;
  readonly #mask: number;
  readonly #at: Float64Array;
  readonly #byAt: Float64Array;
  readonly #step: Int32Array;
  readonly #by: Int32Array;
  readonly #resource: Int32Array;
  readonly #free: Int32Array;
  readonly #kind: Uint8Array;
  readonly #waited: Uint8Array;

  /** @param capacity - a power of two. */
  constructor(capacity: number) {
    this.#mask = capacity - 1;
    this.#at = new Float64Array(capacity);
    this.#byAt = new Float64Array(capacity);
    this.#step = new Int32Array(capacity);
    this.#by = new Int32Array(capacity);
    this.#resource = new Int32Array(capacity);
    this.#free = new Int32Array(capacity);
    this.#kind = new Uint8Array(capacity);
    this.#waited = new Uint8Array(capacity);
  }

  write({ step, at, kind, by, byAt, resource, waited, free }: Passage): void {
    const place = this.count++ & this.#mask;
    this.#step[place] = step;
    this.#at[place] = at;
    this.#kind[place] = kind === "passed" ? 0 : kind === "acquired" ? 1 : 2;
    this.#by[place] = by;
    this.#byAt[place] = byAt;
    this.#resource[place] = resource;
    this.#waited[place] = waited ? 1 : 0;
    this.#free[place] = free;
  }

  /** How many were dropped, if there are some among them of steps from number `step` on; else 0: nobody misses them. */
  droppedSince(step: number): number {
    const dropped = Math.max(0, this.count - this.#mask - 1);
    return dropped > 0 && (this.#step[dropped & this.#mask] as number) >= step ? dropped : 0;
  }

  /**
   * What is there, oldest first, of the steps that are there. @param start - when the run began, which times are relative
   * to. @param dropped - how many steps were dropped. @param kept - how many are there.
   */
  read(start: number, dropped: number, kept: number): Passage[] {
    const first = Math.max(0, this.count - this.#mask - 1);
    const passages: Passage[] = [];
    for (let i = first; i < this.count; i++) {
      const place = i & this.#mask;
      const step = (this.#step[place] as number) - dropped;
      if (step < 0 || step >= kept) continue;
      const by = (this.#by[place] as number) - dropped;
      passages.push({
        step,
        at: seconds((this.#at[place] as number) - start),
        kind: KINDS[this.#kind[place] as number] as Passage["kind"],
        by: Math.max(-1, by),
        byAt: by < 0 ? 0 : seconds((this.#byAt[place] as number) - start),
        resource: this.#resource[place] as number,
        waited: this.#waited[place] === 1,
        free: this.#free[place] as number,
      });
    }
    return passages;
  }
}
