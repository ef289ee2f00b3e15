/** The gates of a replay: where steps wait for what has come about, or been let go, later than in the recorded run. */
import type { Trace } from "../trace.ts";
import { TimeHeap } from "./heap.ts";
import type { Moment, Passages } from "./passages.ts";
import { Slots } from "./slots.ts";

export class Gates {
  readonly #trace: Trace;
  /** Lets a step go on that waited. */
  readonly #resume: (step: number, time: number) => void;
  readonly #slots: ReadonlyMap<number, Slots>;
  /** For each passage: when what it waits for came about, once that is known. */
  readonly #settled: Float64Array;
  /** The steps that wait, each with its passage. */
  readonly #suspended = new Map<number, number>();
  /** Tasks whose step waits, and which. */
  readonly #ofTask = new Map<number, number>();
  /** Those that waited at some time, by recorded begin. */
  readonly #oldest = new TimeHeap();
  /** Steps that have a slot, but have not gone on yet: the passage. */
  readonly #has = new Map<number, number>();

  constructor(trace: Trace, { slots }: Passages, resume: (step: number, time: number) => void) {
    this.#trace = trace;
    this.#resume = resume;
    this.#slots = new Map([...slots].map(([resource, free]) => [resource, new Slots(free)]));
    this.#settled = new Float64Array(trace.passages.length).fill(Number.NaN);
  }

  /** A step comes to a gate. @returns from when on it may go on; undefined if it waits. */
  meet(step: number, passage: number, time: number): number | undefined {
    const { kind } = this.#trace.passages[passage]!;
    let open: number | undefined;
    if (kind === "passed") {
      const settled = this.#settled[passage]!;
      if (!Number.isNaN(settled)) open = Math.max(time, settled);
    } else {
      open = this.#slotsOf(passage).take(step, time);
      if (open !== undefined) this.#has.set(step, passage);
    }
    if (open === undefined) this.#suspend(step, passage);
    return open;
  }

  /** It goes on: what it has it keeps until it lets it go. */
  goesOn(step: number): void {
    this.#has.delete(step);
  }

  /** A moment is replayed. */
  reach({ kind, passage }: Moment, time: number): void {
    const { step } = this.#trace.passages[passage]!;
    if (kind === "settled") {
      this.#settled[passage] = time;
      if (this.#suspended.get(step) === passage) this.#leave(step, time);
    } else if (!this.#slotsOf(passage).wasSkipped(this.#taskOf(step))) this.#letGo(passage, time);
  }

  /** A step, or the rest of it, is left out. @param ahead - the gates that it does not pass, that at which it is first. */
  leaveOut(step: number, ahead: readonly number[], time: number): void {
    const had = this.#has.get(step);
    this.#has.delete(step);
    this.#forget(step);
    for (const passage of ahead) {
      if (this.#trace.passages[passage]!.kind === "acquired") this.#slotsOf(passage).skip(this.#taskOf(step));
    }
    if (had !== undefined) this.#letGo(had, time);
  }

  /** The step of `task` that waits, if one does. */
  waiting(task: number): number | undefined {
    return this.#ofTask.get(task);
  }

  isWaiting(step: number): boolean {
    return this.#suspended.has(step);
  }

  /** What they wait for will never come. @returns whether one goes on: of those that wait, the first by its begin. */
  letOneGoOn(time: number): boolean {
    while (this.#oldest.size > 0) {
      const step = this.#oldest.pop().index;
      if (!this.#suspended.has(step)) continue;
      this.#leave(step, time);
      return true;
    }
    return false;
  }

  #letGo(passage: number, time: number): void {
    const { resource } = this.#trace.passages[passage]!;
    const next = this.#slotsOf(passage).letGo(time, (step) => {
      const waits = this.#trace.passages[this.#suspended.get(step) ?? -1];
      return waits?.kind === "acquired" && waits.resource === resource;
    });
    if (next === undefined) return;
    this.#has.set(next, this.#suspended.get(next)!);
    this.#leave(next, time);
  }

  #suspend(step: number, passage: number): void {
    const { task, begin } = this.#trace.steps[step]!;
    this.#suspended.set(step, passage);
    if (task !== null) this.#ofTask.set(task, step);
    this.#oldest.push(begin, step);
  }

  #leave(step: number, time: number): void {
    this.#forget(step);
    this.#resume(step, time);
  }

  #forget(step: number): void {
    const task = this.#taskOf(step);
    this.#suspended.delete(step);
    if (task !== null && this.#ofTask.get(task) === step) this.#ofTask.delete(task);
  }

  #taskOf(step: number): number | null {
    return this.#trace.steps[step]!.task;
  }

  #slotsOf(passage: number): Slots {
    return this.#slots.get(this.#trace.passages[passage]!.resource)!;
  }
}
