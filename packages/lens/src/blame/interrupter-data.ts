/** What the main thread and its interrupter share. */
import type { Reading } from "./thread-times.ts";

export interface InterrupterData {
  /** The key of the global function that it calls: `Symbol.for(hook)`. */
  readonly hook: string;
  /** Milliseconds between interrupts, and between those that find the thread idle. */
  readonly interval: number;
  readonly idleInterval: number;
  /** An Int32 that becomes 1. */
  readonly ready: SharedArrayBuffer;
  readonly ring: SharedArrayBuffer;
}

/** The last 2,048 readings: 48 KiB. */
const CAPACITY = 2048;

/** Readings that one thread adds and another reads. */
export class ReadingsRing {
  readonly buffer: SharedArrayBuffer;
  readonly #count: Int32Array;
  readonly #fields: Float64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(8 + CAPACITY * 24)) {
    this.buffer = buffer;
    this.#count = new Int32Array(buffer, 0, 1);
    this.#fields = new Float64Array(buffer, 8);
  }

  get isEmpty(): boolean {
    return Atomics.load(this.#count, 0) === 0;
  }

  add({ time, ran, delayed }: Reading): void {
    const count = Atomics.load(this.#count, 0);
    this.#fields.set([time, ran, delayed], (count % CAPACITY) * 3);
    Atomics.store(this.#count, 0, count + 1);
  }

  /** The readings since `time`, and the one before, in order. */
  since(time: number): Reading[] {
    const found: Reading[] = [];
    const count = Atomics.load(this.#count, 0);
    // The oldest may be under the writer's pen.
    for (let i = count - 1; i > count - CAPACITY && i >= 0; i--) {
      const at = (i % CAPACITY) * 3;
      found.push({ time: this.#fields[at]!, ran: this.#fields[at + 1]!, delayed: this.#fields[at + 2]! });
      if (found.at(-1)!.time < time) break;
    }
    return found.reverse();
  }
}
