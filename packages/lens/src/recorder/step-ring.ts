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
/** The number of an end. */
export const GAVE_TURN = 1;

/** A record: its times, then its numbers, which take half as much. So little memory is touched for each step. */
const BEGIN = 0;
const END = 1;
const READY = 2;
/** Counted from the beginning of the record. */
const SUBJECT = 6;
const BY = 7;
const ON = 8;
const KINDS = 9;
const TIMES = 5;
const NUMBERS = 2 * TIMES;
/** `KINDS` is how it ended, the cause, and these. */
const CAUSE = ENDS.length;
const IS_CALLBACK = 32;
/** What is waited for is a task. */
export const ON_TASK = 64;
/** Beside the records, for it is rarely needed: when the timer was set, and when it was due. */
const TIMERS = 2;

/** How many bytes a step takes. */
export const STEP_BYTES: number = (TIMES + TIMERS) * 8;

/** What a step is before it is written. */
export class OpenStep {
  /** The task's id; 0 for a callback. */
  task = 0;
  /** The number of the callback's name. */
  callback = 0;
  // No whole numbers: the engine keeps what is never one in place.
  begin: number = Number.NaN;
  ready: number = Number.NaN;
  cause: number = OUTSIDE;
  /** The number of the step that caused it, counted from the first that was ever recorded; -1 if none. */
  by = -1;
  /** Of a timer. */
  timerSet: number = Number.NaN;
  timerWhen: number = Number.NaN;

  /** Why it was ready is not known. */
  forget(): void {
    this.ready = this.begin;
    this.cause = OUTSIDE;
    this.by = -1;
  }
}

/** Records of numbers, overwritten from the oldest on. */
export class StepRing {
  /** How many were ever written. */
  count = 0;
  readonly #mask: number;
  readonly #times: Float64Array;
  /** The same memory. */
  readonly #numbers: Int32Array;
  readonly #timers: Float64Array;
  /** The numbers of the places where steps ended; null if these are not recorded. */
  readonly #at: Int32Array | null;

  /** @param capacity - a power of two. @param withPlaces - the places where steps end are recorded too. */
  constructor(capacity: number, withPlaces: boolean) {
    this.#mask = capacity - 1;
    this.#times = new Float64Array(capacity * TIMES);
    this.#numbers = new Int32Array(this.#times.buffer);
    this.#timers = new Float64Array(capacity * TIMERS);
    this.#at = withPlaces ? new Int32Array(capacity) : null;
  }

  /** How many are not there any more. */
  get dropped(): number {
    return Math.max(0, this.count - this.#mask - 1);
  }

  /**
   * @param then - the number of how it ended, and perhaps `ON_TASK`.
   * @param on - the number of what is waited for, in words, or the task that is waited for; 0: nothing.
   * @param place - the number of the place where it ended; 0 if that is not known.
   */
  write(step: OpenStep, end: number, then: number, on: number, place: number): void {
    const at = this.count++ & this.#mask;
    const times = this.#times;
    const time = at * TIMES;
    times[time + BEGIN] = step.begin;
    times[time + END] = end;
    times[time + READY] = step.ready;
    const { cause, task } = step;
    const numbers = this.#numbers;
    const number = at * NUMBERS;
    numbers[number + SUBJECT] = task === 0 ? step.callback : task;
    numbers[number + BY] = step.by;
    numbers[number + ON] = on;
    numbers[number + KINDS] = then + cause * CAUSE + (task === 0 ? IS_CALLBACK : 0);
    if (cause === TIMER) this.#writeTimer(at, step);
    if (this.#at !== null) this.#at[at] = place;
  }

  #writeTimer(at: number, { timerSet, timerWhen }: OpenStep): void {
    this.#timers[at * TIMERS] = timerSet;
    this.#timers[at * TIMERS + 1] = timerWhen;
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
      const timer = (which: number): number => seconds((this.#timers[at * TIMERS + which] as number) - start);
      const kinds = number(KINDS);
      const cause = CAUSES[Math.trunc((kinds % IS_CALLBACK) / CAUSE)] as StepCause;
      const isCallback = (kinds & IS_CALLBACK) !== 0;
      const isOnTask = (kinds & ON_TASK) !== 0;
      const isTimer = cause === "timer";
      return {
        task: isCallback ? null : number(SUBJECT),
        callback: isCallback ? strings.text(number(SUBJECT)) : "",
        begin: time(BEGIN),
        end: time(END),
        ready: time(READY),
        cause,
        by: Math.max(-1, number(BY) - first),
        timerSet: isTimer ? timer(0) : 0,
        timerWhen: isTimer ? timer(1) : 0,
        then: ENDS[kinds % CAUSE] as StepEnd,
        on: isOnTask ? "" : strings.text(number(ON)),
        onTask: isOnTask ? number(ON) : null,
        at: frameOf(this.#at?.[at] ?? 0),
      };
    });
  }
}

/** The number of an end: quicker than to look it up. */
export function numberOfEnd(end: StepEnd): number {
  if (end === "wait") return 0;
  if (end === "turn") return GAVE_TURN;
  return end === "foreign" ? 2 : 3;
}

/** To the nanosecond: what is finer is noise, and makes files long. */
export function seconds(time: number): number {
  return Math.round(time * 1e9) / 1e9;
}
