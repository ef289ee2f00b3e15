/** `TimerTable`: when timers were set, and by which step. */

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

  /** The timer's row; -1 if it is forgotten: so many were set since. */
  find(id: number): number {
    const at = id % TIMERS;
    return this.#id[at] === id + 1 ? at : -1;
  }

  set(row: number): number {
    return this.#set[row] as number;
  }

  when(row: number): number {
    return this.#when[row] as number;
  }

  by(row: number): number {
    return this.#by[row] as number;
  }
}
