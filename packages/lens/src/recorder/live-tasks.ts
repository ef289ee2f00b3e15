/** `LiveTasks`: what the recorder has to remember of each task while it lives. */
import { type OpenStep, TIMER } from "./step-ring.ts";

/** A record: its times, then its numbers, which take half as much. */
const READY = 0;
const MADE = 1;
const TIMER_SET = 2;
const TIMER_WHEN = 3;
const DONE_AT = 4;
/** Counted from the beginning of the record. */
const OWNER = 10;
const BY = 11;
const CAUSE = 12;
const PARENT = 13;
const DONE_STEP = 14;
const SENT_FROM = 15;
/** A power of two: as much as a line of the processor's cache. */
const TIMES = 8;
const NUMBERS = 2 * TIMES;

/** How many bytes a slot takes. */
export const SLOT_BYTES: number = TIMES * 8;

/** Slots, by the low bits of the task's id. A task that lives on while so many others are made loses its slot. */
export class LiveTasks {
  readonly #mask: number;
  readonly #times: Float64Array;
  /** The same memory. */
  readonly #numbers: Int32Array;

  /** @param capacity - a power of two. */
  constructor(capacity: number) {
    this.#mask = capacity - 1;
    this.#times = new Float64Array(capacity * TIMES);
    this.#numbers = new Int32Array(this.#times.buffer);
  }

  /** A task was made. @param parent - 0 if none made it. */
  take(id: number, made: number, parent: number): void {
    const slot = id & this.#mask;
    const times = slot * TIMES;
    this.#times[times + READY] = Number.NaN;
    this.#times[times + MADE] = made;
    const numbers = slot * NUMBERS;
    this.#numbers[numbers + OWNER] = id;
    this.#numbers[numbers + PARENT] = parent;
    this.#numbers[numbers + DONE_STEP] = -1;
    this.#numbers[numbers + SENT_FROM] = -1;
  }

  /** The slot of a task; -1 if it has none, so that nothing is known of it. */
  find(id: number): number {
    const slot = id & this.#mask;
    return this.#numbers[slot * NUMBERS + OWNER] === id ? slot : -1;
  }

  made(slot: number): number {
    return this.#times[slot * TIMES + MADE] as number;
  }

  /** The task that made it; 0 if none did. */
  parent(slot: number): number {
    return this.#numbers[slot * NUMBERS + PARENT] as number;
  }

  /** It is ready, and why: as in a step. */
  ready(slot: number, time: number, cause: number, by: number): void {
    this.#times[slot * TIMES + READY] = time;
    this.#numbers[slot * NUMBERS + CAUSE] = cause;
    this.#numbers[slot * NUMBERS + BY] = by;
  }

  /** The timer that made it ready. */
  timer(slot: number, set: number, when: number): void {
    this.#times[slot * TIMES + TIMER_SET] = set;
    this.#times[slot * TIMES + TIMER_WHEN] = when;
  }

  /** Its step begins: when and why it was ready is the step's now. */
  begin(slot: number, step: OpenStep): void {
    const times = this.#times;
    const at = slot * TIMES;
    const ready = times[at + READY] as number;
    if (Number.isNaN(ready)) {
      step.forget();
      return;
    }
    times[at + READY] = Number.NaN;
    // The clock is not read for each step: what is ready only now may have a later time.
    step.ready = ready < step.begin ? ready : step.begin;
    const cause = this.#numbers[slot * NUMBERS + CAUSE] as number;
    step.cause = cause;
    step.by = this.#numbers[slot * NUMBERS + BY] as number;
    if (cause !== TIMER) return;
    step.timerSet = times[at + TIMER_SET] as number;
    step.timerWhen = times[at + TIMER_WHEN] as number;
  }

  /** It sends the notice of its end. @param step - because of that one. */
  notice(slot: number, step: number): void {
    this.#numbers[slot * NUMBERS + SENT_FROM] = step;
  }

  /** The step because of which it sent its notice; -1 if it sent none. */
  sentFrom(slot: number): number {
    return this.#numbers[slot * NUMBERS + SENT_FROM] as number;
  }

  /** It is done. @param step - in which; -1 if in none. */
  done(slot: number, step: number, time: number): void {
    this.#numbers[slot * NUMBERS + DONE_STEP] = step;
    this.#times[slot * TIMES + DONE_AT] = time;
  }

  /** The step in which it was done; -1 if none is known. */
  doneStep(slot: number): number {
    return this.#numbers[slot * NUMBERS + DONE_STEP] as number;
  }

  doneAt(slot: number): number {
    return this.#times[slot * TIMES + DONE_AT] as number;
  }
}
