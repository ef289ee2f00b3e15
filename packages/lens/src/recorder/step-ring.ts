/** `StepRing`: the steps, newest first to be kept, in a fixed amount of memory. */
import type { Frame, StepCause, StepEnd, TraceStep } from "../trace.ts";
import type { Strings } from "./strings.ts";

/** The causes, by number. */
export const CAUSES: readonly StepCause[] = ["outside", "made", "turn", "woken", "timer"];
/** The numbers of the causes. */
export const OUTSIDE = 0;
export const MADE = 1;
export const TURN = 2;
export const WOKEN = 3;
export const TIMER = 4;

const ENDS: readonly StepEnd[] = ["wait", "turn", "foreign", "done"];
const END_NUMBERS: Readonly<Record<StepEnd, number>> = { wait: 0, turn: 1, foreign: 2, done: 3 };

/** A step's times, then its numbers: side by side, so that a step is in one or two lines of the processor's cache. */
const BEGIN = 0;
const END = 1;
const READY = 2;
const TIMER_SET = 3;
const TIMER_WHEN = 4;
const TIMES = 5;
const TASK = 0;
const CALLBACK = 1;
const BY = 2;
const ON = 3;
const ON_TASK = 4;
/** The cause, and how it ended. */
const KINDS = 5;
const NUMBERS = 6;

/** How many bytes a step takes. */
export const STEP_BYTES: number = TIMES * 8 + NUMBERS * 4;

/** What a step is before it is written. */
export interface OpenStep {
  /** The task's id; 0 for a callback. */
  task: number;
  /** The number of the callback's name. */
  callback: number;
  begin: number;
  ready: number;
  cause: number;
  /** The number of the step that caused it, counted from the first that was ever recorded; -1 if none. */
  by: number;
  timerSet: number;
  timerWhen: number;
}

/** Records of numbers, overwritten from the oldest on. */
export class StepRing {
  /** How many were ever written. */
  count = 0;
  readonly #mask: number;
  readonly #times: Float64Array;
  readonly #numbers: Int32Array;
  /** The numbers of the places where steps ended; null if these are not recorded. */
  readonly #at: Int32Array | null;

  /** @param capacity - a power of two. @param withPlaces - the places where steps end are recorded too. */
  constructor(capacity: number, withPlaces: boolean) {
    this.#mask = capacity - 1;
    this.#times = new Float64Array(capacity * TIMES);
    this.#numbers = new Int32Array(capacity * NUMBERS);
    this.#at = withPlaces ? new Int32Array(capacity) : null;
  }

  /** How many are not there any more. */
  get dropped(): number {
    return Math.max(0, this.count - this.#mask - 1);
  }

  /**
   * @param on - the number of what is waited for, in words. @param onTask - the task that is waited for; 0: none.
   * @param place - the number of the place where it ended; 0 if that is not known.
   */
  write(step: OpenStep, end: number, then: StepEnd, on: number, onTask: number, place: number): void {
    const at = this.count++ & this.#mask;
    const times = this.#times;
    const time = at * TIMES;
    times[time + BEGIN] = step.begin;
    times[time + END] = end;
    times[time + READY] = step.ready;
    if (step.cause === TIMER) {
      times[time + TIMER_SET] = step.timerSet;
      times[time + TIMER_WHEN] = step.timerWhen;
    }
    const numbers = this.#numbers;
    const number = at * NUMBERS;
    numbers[number + TASK] = step.task;
    numbers[number + CALLBACK] = step.callback;
    numbers[number + BY] = step.by;
    numbers[number + ON] = on;
    numbers[number + ON_TASK] = onTask;
    numbers[number + KINDS] = step.cause * ENDS.length + END_NUMBERS[then];
    if (this.#at !== null) this.#at[at] = place;
  }

  /**
   * What is there, oldest first.
   * @param start - when the recording began, which times are relative to.
   * @param frameOf - the frame of a place, by its number.
   */
  read(start: number, strings: Strings, frameOf: (place: number) => Frame | null): TraceStep[] {
    const first = this.dropped;
    return Array.from({ length: this.count - first }, (_, i) => {
      const at = (first + i) & this.#mask;
      const time = (which: number): number => seconds((this.#times[at * TIMES + which] as number) - start);
      const number = (which: number): number => this.#numbers[at * NUMBERS + which] as number;
      const kinds = number(KINDS);
      const cause = CAUSES[Math.trunc(kinds / ENDS.length)] as StepCause;
      const isTimer = cause === "timer";
      return {
        task: number(TASK) || null,
        callback: strings.text(number(CALLBACK)),
        begin: time(BEGIN),
        end: time(END),
        ready: time(READY),
        cause,
        by: Math.max(-1, number(BY) - first),
        timerSet: isTimer ? time(TIMER_SET) : 0,
        timerWhen: isTimer ? time(TIMER_WHEN) : 0,
        then: ENDS[kinds % ENDS.length] as StepEnd,
        on: strings.text(number(ON)),
        onTask: number(ON_TASK) || null,
        at: frameOf(this.#at?.[at] ?? 0),
      };
    });
  }
}

/** To the nanosecond: what is finer is noise, and makes files long. */
export function seconds(time: number): number {
  return Math.round(time * 1e9) / 1e9;
}
