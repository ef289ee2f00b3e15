/** `FinishedTasks`: the tasks that are done, the newest in a fixed amount of memory. */
import type { Strings } from "./strings.ts";
import type { Frame, TraceTask } from "../trace.ts";
import { seconds } from "./step-ring.ts";

/** The outcomes, by number. */
const OUTCOMES = ["result", "error", "cancelled"] as const;
/** How a task ended. */
export type Outcome = (typeof OUTCOMES)[number];

/** How many bytes a task takes. */
export const TASK_BYTES: number = 2 * 8 + 6 * 4 + 1;

/** Columns of numbers, overwritten from the oldest on. */
export class FinishedTasks {
  /** How many were ever written. */
  count = 0;
  readonly #mask: number;
  readonly #made: Float64Array;
  readonly #done: Float64Array;
  readonly #id: Int32Array;
  readonly #parent: Int32Array;
  readonly #name: Int32Array;
  readonly #coro: Int32Array;
  readonly #error: Int32Array;
  readonly #madeAt: Int32Array;
  readonly #outcome: Uint8Array;

  /** @param capacity - a power of two. */
  constructor(capacity: number) {
    this.#mask = capacity - 1;
    this.#made = new Float64Array(capacity);
    this.#done = new Float64Array(capacity);
    this.#id = new Int32Array(capacity);
    this.#parent = new Int32Array(capacity);
    this.#name = new Int32Array(capacity);
    this.#coro = new Int32Array(capacity);
    this.#error = new Int32Array(capacity);
    this.#madeAt = new Int32Array(capacity);
    this.#outcome = new Uint8Array(capacity);
  }

  /** How many are not there any more. */
  get dropped(): number {
    return Math.max(0, this.count - this.#mask - 1);
  }

  /** All but the times are numbers of strings; `name` is 0 for `Task-N`, whose N is the id. */
  write(task: {
    readonly id: number;
    readonly parent: number;
    readonly made: number;
    readonly done: number;
    readonly name: number;
    readonly coro: number;
    readonly outcome: Outcome;
    readonly error: number;
    readonly madeAt: number;
  }): void {
    const at = this.count++ & this.#mask;
    this.#made[at] = task.made;
    this.#done[at] = task.done;
    this.#id[at] = task.id;
    this.#parent[at] = task.parent;
    this.#name[at] = task.name;
    this.#coro[at] = task.coro;
    this.#error[at] = task.error;
    this.#madeAt[at] = task.madeAt;
    this.#outcome[at] = OUTCOMES.indexOf(task.outcome);
  }

  /**
   * What is there.
   * @param start - when the recording began, which times are relative to.
   * @param frameOf - the frame of a place, by its number.
   */
  read(start: number, strings: Strings, frameOf: (place: number) => Frame | null): TraceTask[] {
    const first = this.dropped;
    return Array.from({ length: this.count - first }, (_, i) => {
      const at = (first + i) & this.#mask;
      const id = this.#id[at] as number;
      const parent = this.#parent[at] as number;
      const outcome = OUTCOMES[this.#outcome[at] as number] as Outcome;
      return {
        id,
        name: strings.text(this.#name[at] as number) || `Task-${id}`,
        coro: strings.text(this.#coro[at] as number),
        parent: parent === 0 ? null : parent,
        made: seconds((this.#made[at] as number) - start),
        madeAt: frameOf(this.#madeAt[at] as number),
        done: seconds((this.#done[at] as number) - start),
        outcome,
        error: outcome === "error" ? strings.text(this.#error[at] as number) : null,
        waitsFor: null,
        waitsForTasks: [],
      };
    });
  }
}
