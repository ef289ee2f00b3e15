/** `LiveTasks`: what the recorder has to remember of each task while it lives. */
import { OUTSIDE } from "./step-ring.ts";

/** Slots, by the low bits of the task's id. A task that lives on while so many others are made loses its slot. */
export class LiveTasks {
  readonly #mask: number;
  readonly #owner: Int32Array;
  readonly made: Float64Array;
  readonly parent: Int32Array;
  /** When it became ready, and why: as in a step. */
  readonly ready: Float64Array;
  readonly timerSet: Float64Array;
  readonly timerWhen: Float64Array;
  readonly by: Int32Array;
  readonly cause: Uint8Array;
  /** The step in which it was done, and when; of tasks that are done. */
  readonly doneStep: Int32Array;
  readonly doneAt: Float64Array;

  /** @param capacity - a power of two. */
  constructor(capacity: number) {
    this.#mask = capacity - 1;
    this.#owner = new Int32Array(capacity);
    this.made = new Float64Array(capacity);
    this.parent = new Int32Array(capacity);
    this.ready = new Float64Array(capacity);
    this.timerSet = new Float64Array(capacity);
    this.timerWhen = new Float64Array(capacity);
    this.by = new Int32Array(capacity);
    this.cause = new Uint8Array(capacity);
    this.doneStep = new Int32Array(capacity);
    this.doneAt = new Float64Array(capacity);
  }

  /** The slot of a new task. */
  take(id: number): number {
    const slot = id & this.#mask;
    this.#owner[slot] = id;
    this.doneStep[slot] = -1;
    this.forget(slot);
    return slot;
  }

  /** The slot of a task; -1 if it has none, so that nothing is known of it. */
  find(id: number): number {
    const slot = id & this.#mask;
    return this.#owner[slot] === id ? slot : -1;
  }

  /** When and why it became ready was used, or is not known. */
  forget(slot: number): void {
    this.ready[slot] = Number.NaN;
    this.cause[slot] = OUTSIDE;
    this.by[slot] = -1;
  }
}

/** How many bytes a slot takes. */
export const SLOT_BYTES: number = 5 * 8 + 4 * 4 + 1;
