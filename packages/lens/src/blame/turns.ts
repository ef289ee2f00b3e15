/**
 * Turns of the host's loop: a macrotask with its microtasks. Node tells of neither its beginning nor its end. An
 * interrupt that finds code running knows that a turn is on, and leaves a marker in the turn's own queues: where the
 * marker runs and finds the queues empty, there the turn ends.
 */
import { now } from "./clock.ts";
import { afterQueued, isLate, type Interrupt } from "./interrupts.ts";

export interface Turn {
  readonly begin: number;
  readonly end: number;
}

/** Between two markers that follow each other at once nothing else ran. In seconds. */
const AT_ONCE = 0.0003;

export class Turns {
  readonly #interval: number;
  /** Turns since the last `take`, in order; the last may still be on. */
  #turns: { seen: number; begin: number; end: number; over: boolean }[] = [];
  /** Up to here, everything is known to be over. */
  #boundary: number;

  /** @param interval - seconds between interrupts: how well beginnings are known. */
  constructor(interval: number) {
    this.#interval = interval;
    this.#boundary = now();
  }

  /** When the turn that is on began, as far as it is known; null if none is. */
  get current(): number | null {
    const turn = this.#turns.at(-1);
    return turn === undefined || turn.over ? null : turn.begin;
  }

  /** In an idle loop the interrupt is a turn of its own, and ends at once. */
  note(interrupt: Interrupt): void {
    const { asked, served } = interrupt;
    const turn = this.#turns.at(-1);
    if (turn !== undefined && !turn.over) {
      turn.end = served;
      return;
    }
    // Served late: a native call held it up, from when it was asked for.
    const seen = isLate(interrupt) ? Math.max(asked, this.#boundary) : served;
    const opened = { seen, begin: this.#earliest(seen), end: served, over: false };
    this.#turns.push(opened);
    let last = served;
    const mark = (): void => {
      const time = now();
      opened.end = time;
      opened.over = time - last < AT_ONCE;
      this.#boundary = time;
      last = time;
      if (!opened.over) afterQueued(mark);
    };
    afterQueued(mark);
  }

  /** A turn that was seen at `seen` hardly began just then. */
  #earliest(seen: number): number {
    return Math.max(this.#boundary, seen - this.#interval / 2);
  }

  /**
   * The turns since the last call. Called between turns, or at the end of all.
   * @param busySince - since when the loop would have been busy, if it had done nothing but the first of these turns. One
   *   that fits to when the turn was first seen is when the turn began.
   */
  take(busySince: readonly number[]): Turn[] {
    const time = now();
    const taken = this.#turns;
    this.#turns = [];
    this.#boundary = time;
    const first = taken[0];
    if (first !== undefined) {
      const fitting = busySince.find((since) => since <= first.seen && since > first.seen - this.#interval * 3);
      first.begin = fitting ?? first.begin;
    }
    return taken.map(({ begin, end, over }) => ({ begin, end: over ? end : time }));
  }
}
