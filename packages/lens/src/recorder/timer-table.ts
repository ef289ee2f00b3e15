/** `TimerTable`: when timers were set, and by which step. */
import type { LiveTasks } from "./live-tasks.ts";
import { type OpenStep, OUTSIDE, TIMER } from "./step-ring.ts";

/** Of so many timers it is remembered, the newest. */
const TIMERS = 65_536;

/** Columns, by the low bits of a timer's id. */
export class TimerTable {
  /** Ids, one higher: memory that is not written to takes none. */
  readonly #id = new Float64Array(TIMERS);
  readonly #set = new Float64Array(TIMERS);
  readonly #when = new Float64Array(TIMERS);
  readonly #by = new Int32Array(TIMERS);

  /** @param by - the number of the step that set it. */
  note(id: number, time: number, when: number, by: number): void {
    const at = id % TIMERS;
    this.#id[at] = id + 1;
    this.#set[at] = time;
    this.#when[at] = when;
    this.#by[at] = by;
  }

  /** The timer is the cause of a step, if it is not forgotten: so many were set since. */
  cause(id: number, step: OpenStep): void {
    const at = id % TIMERS;
    if (this.#id[at] !== id + 1) return;
    step.cause = TIMER;
    step.by = this.#by[at] as number;
    step.timerSet = this.#set[at] as number;
    step.timerWhen = this.#when[at] as number;
  }

  /** The timer makes a task ready. @param by - the step because of which it is ready, if the timer is forgotten. */
  ready(id: number, live: LiveTasks, slot: number, time: number, by: number): void {
    const at = id % TIMERS;
    if (this.#id[at] !== id + 1) {
      live.ready(slot, time, OUTSIDE, by);
      return;
    }
    live.ready(slot, time, TIMER, this.#by[at] as number);
    live.timer(slot, this.#set[at] as number, this.#when[at] as number);
  }
}
