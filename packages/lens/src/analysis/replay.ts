/**
 * The run once more, had each blocked stretch let others run: a simulation of one thread and its queue, first in, first
 * out. A step is cut into parts: what ran keeps the thread; what was blocked passes beside it, and when it is over the
 * rest of the step queues again. Each step and each part is looked at once: O(n log n), and no trace makes it hang.
 */
import type { PredictedStep } from "../summary.ts";
import type { BlockedStretch, Trace } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { Gaps } from "./gaps.ts";
import { TimeHeap } from "./heap.ts";
import { SEEN_AT_ONCE } from "./outside.ts";
import { countBefore } from "./sorted.ts";
import { stepsByTask, stretchesByStep } from "./steps.ts";

export interface Replay {
  /** By begin. Steps that would not have been run, because their task was cancelled before, are missing. */
  readonly steps: readonly PredictedStep[];
  /** How long the run would have taken. */
  readonly seconds: number;
}

/** A part of a step: times since the step's begin. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly kind: "run" | BlockedStretch["kind"];
}

export function replay(trace: Trace, causes: Causes): Replay {
  const simulation = new Simulation(trace, causes);
  simulation.run();
  return { steps: simulation.steps.sort((a, b) => a.begin - b.begin), seconds: simulation.seconds() };
}

type Open = { -readonly [K in keyof PredictedStep]: PredictedStep[K] };

/** How far a step of several parts has come. */
interface Progress {
  readonly parts: readonly Part[];
  at: number;
  /** The next of its followers. */
  follower: number;
  away: Open | null;
}

class Simulation {
  readonly steps: PredictedStep[] = [];
  readonly #trace: Trace;
  readonly #causes: Causes;
  readonly #stretches: ReadonlyMap<number, readonly BlockedStretch[]>;
  readonly #gaps: Gaps;
  readonly #queue = new TimeHeap();
  /** The thread is free from here on. */
  #free = 0;
  /** When each worker is free, for what needs a CPU. */
  readonly #workers: TimeHeap = new TimeHeap();
  /** For each step: what it still waits for. */
  readonly #missing: Uint32Array;
  /** For each step: when it is ready, as far as is known. */
  readonly #ready: Float64Array;
  /** For each step: when it ended. */
  readonly #ends: Float64Array;
  /** The steps that count from a moment of a step: of step i, `#followers` from `#first[i]` up to `#first[i + 1]`. */
  readonly #first: Uint32Array;
  readonly #followers: Uint32Array;
  /** Steps that wait for the end of a step. */
  readonly #next: Int32Array;
  readonly #joined = new Map<number, number[]>();
  readonly #progress = new Map<number, Progress>();
  /** The last steps of tasks that were cancelled: they do not wait for the steps before, but end them. */
  readonly #cancelled: ReadonlySet<number>;
  /** When tasks are cancelled, once that is known. */
  readonly #cancelledAt = new Map<number, number>();

  constructor(trace: Trace, causes: Causes) {
    const count = trace.steps.length;
    this.#trace = trace;
    this.#causes = causes;
    this.#stretches = stretchesByStep(trace);
    this.#gaps = new Gaps(trace);
    this.#cancelled = cancelledSteps(trace, causes);
    this.#missing = new Uint32Array(count);
    this.#ready = new Float64Array(count);
    this.#ends = new Float64Array(count);
    this.#first = new Uint32Array(count + 1);
    this.#followers = new Uint32Array(count);
    this.#next = new Int32Array(count).fill(-1);
    for (let n = 0; n < Math.max(1, trace.program.cores); n++) this.#workers.push(0, n);
    this.#link();
  }

  run(): void {
    const { from, delay } = this.#causes;
    for (let index = 0; index < from.length; index++) {
      if (from[index]! < 0) this.#arrive(index, delay[index]!);
    }
    while (this.#queue.size > 0) {
      const { time, index } = this.#queue.pop();
      const progress = this.#progress.get(index);
      const cancelled = this.#cancelledBefore(index, Math.max(this.#free, time));
      if (cancelled !== undefined) {
        this.#leaveOut(index, cancelled, progress);
        continue;
      }
      const stretches = progress === undefined ? this.#stretches.get(index) : undefined;
      if (progress !== undefined) this.#goOn(index, time, progress);
      else if (stretches !== undefined) this.#beginInParts(index, time, stretches);
      else this.#runWhole(index, time);
    }
  }

  seconds(): number {
    const { steps, tasks, blocked, duration } = this.#trace;
    const ends = this.#gaps.ends;
    const last = ends.at(-1) ?? 0;
    const pending = new Set(tasks.flatMap(({ id, outcome }) => (outcome === "pending" ? [id] : [])));
    let latest = 0;
    for (let index = 0; index < steps.length; index++) {
      // The run did not wait for those that were pending at its end.
      const isLeft = pending.has(steps[index]!.task ?? -1) && index < steps.length - 1;
      if (!isLeft) latest = Math.max(latest, this.#ends[index]!);
    }
    // Outside of steps: each still takes its time, but those that follow each other may have gone on together.
    let together = 0;
    let edge = -Infinity;
    for (const { step, begin, end } of blocked) {
      if (step !== null || end > last) continue;
      if (begin - edge > SEEN_AT_ONCE) together = begin;
      edge = end;
      const before = countBefore(ends, together, true) - 1;
      const shift = before < 0 ? 0 : this.#ends[before]! - steps[before]!.end;
      latest = Math.max(latest, together + (end - begin) + Math.min(0, shift));
    }
    return latest + Math.max(0, duration - last);
  }

  /** Who waits for whom. */
  #link(): void {
    const { from, previous, offset, joins } = this.#causes;
    const count = from.length;
    for (let index = 0; index < count; index++) {
      this.#missing[index] = 1;
      if (from[index]! >= 0) this.#first[from[index]! + 1]!++;
      const before = previous[index]!;
      if (before < 0 || this.#cancelled.has(index)) continue;
      this.#next[before] = index;
      this.#missing[index]!++;
    }
    for (let index = 0; index < count; index++) this.#first[index + 1]! += this.#first[index]!;
    const filled = this.#first.slice();
    for (let index = 0; index < count; index++) {
      if (from[index]! >= 0) this.#followers[filled[from[index]!]!++] = index;
    }
    // Where a step has several parts, they are met in the order of their moments.
    for (const index of this.#stretches.keys()) {
      this.#followers
        .subarray(this.#first[index]!, this.#first[index + 1]!)
        .sort((a, b) => offset[a]! - offset[b]! || a - b);
    }
    for (const [index, ends] of joins) {
      this.#missing[index]! += ends.length;
      for (const end of ends) {
        const joined = this.#joined.get(end);
        if (joined === undefined) this.#joined.set(end, [index]);
        else joined.push(index);
      }
    }
  }

  /** One of the things that step `index` waits for is there. */
  #arrive(index: number, time: number): void {
    this.#ready[index] = Math.max(this.#ready[index]!, time);
    if (--this.#missing[index]! > 0) return;
    const { task } = this.#trace.steps[index]!;
    if (task !== null && this.#cancelled.has(index)) this.#cancelledAt.set(task, this.#ready[index]!);
    this.#queue.push(this.#ready[index]! + this.#gaps.unseen[index]!, index);
  }

  /** When its task was cancelled, if that was before `time`. */
  #cancelledBefore(index: number, time: number): number | undefined {
    const { task } = this.#trace.steps[index]!;
    if (task === null || this.#cancelled.has(index)) return undefined;
    const at = this.#cancelledAt.get(task);
    return at !== undefined && at <= time ? at : undefined;
  }

  /** The step, or the rest of it, is not run. Whoever counts on it goes on when it was cancelled. */
  #leaveOut(index: number, time: number, progress: Progress | undefined): void {
    const { delay } = this.#causes;
    if (progress?.away != null) progress.away.end = Math.max(progress.away.begin, Math.min(progress.away.end, time));
    const followers = progress?.follower ?? this.#first[index]!;
    for (let at = followers; at < this.#first[index + 1]!; at++) {
      const follower = this.#followers[at]!;
      const { task, cause } = this.#trace.steps[follower]!;
      // What it would have begun is not begun either.
      if (cause === "made" && task !== null && this.#causes.previous[follower]! < 0) this.#cancelledAt.set(task, time);
      this.#arrive(follower, time + delay[follower]!);
    }
    this.#progress.delete(index);
    this.#ends[index] = Math.max(this.#ends[index]!, time);
    this.#finish(index);
  }

  #begin(index: number, time: number): number {
    return Math.max(this.#free, time) + this.#gaps.between[index]!;
  }

  #runWhole(index: number, time: number): void {
    const { begin, end } = this.#trace.steps[index]!;
    const { offset, delay } = this.#causes;
    const start = this.#begin(index, time);
    this.#runs(index, start, start + Math.max(0, end - begin));
    for (let at = this.#first[index]!; at < this.#first[index + 1]!; at++) {
      const follower = this.#followers[at]!;
      this.#arrive(follower, start + offset[follower]! + delay[follower]!);
    }
    this.#finish(index);
  }

  #beginInParts(index: number, time: number, stretches: readonly BlockedStretch[]): void {
    const { begin, end } = this.#trace.steps[index]!;
    const parts: Part[] = [];
    let from = 0;
    for (const stretch of stretches) {
      parts.push({ from, to: stretch.begin - begin, kind: "run" });
      from = stretch.end - begin;
      parts.push({ from: stretch.begin - begin, to: from, kind: stretch.kind });
    }
    parts.push({ from, to: end - begin, kind: "run" });
    const progress: Progress = { parts, at: 0, follower: this.#first[index]!, away: null };
    this.#progress.set(index, progress);
    this.#goOn(index, this.#begin(index, time), progress);
  }

  /** Runs up to the next stretch and through it, or to the end. */
  #goOn(index: number, time: number, progress: Progress): void {
    const { parts } = progress;
    const run = parts[progress.at++]!;
    const start = Math.max(this.#free, time);
    const stop = start + (run.to - run.from);
    this.#runs(index, start, stop);
    this.#release(index, progress, run, start);
    const away = parts[progress.at++];
    if (away === undefined) {
      this.#progress.delete(index);
      this.#finish(index);
      return;
    }
    let begin = stop;
    const seconds = away.to - away.from;
    if (away.kind === "cpu") {
      const worker = this.#workers.pop();
      begin = Math.max(stop, worker.time);
      this.#workers.push(begin + seconds, worker.index);
    }
    progress.away = { step: index, begin, end: begin + seconds, where: "away" };
    this.steps.push(progress.away);
    this.#release(index, progress, away, begin);
    this.#queue.push(begin + seconds, index);
  }

  /** Lets those go that count from a moment in this part. */
  #release(index: number, progress: Progress, part: Part, start: number): void {
    const { offset, delay } = this.#causes;
    const isLast = part.to >= this.#trace.steps[index]!.end - this.#trace.steps[index]!.begin && part.kind === "run";
    for (; progress.follower < this.#first[index + 1]!; progress.follower++) {
      const follower = this.#followers[progress.follower]!;
      const moment = offset[follower]!;
      if (moment > part.to && !isLast) break;
      this.#arrive(follower, start + Math.max(0, moment - part.from) + delay[follower]!);
    }
  }

  #runs(index: number, begin: number, end: number): void {
    this.#free = end;
    this.#ends[index] = end;
    const { parts } = this.#progress.get(index) ?? {};
    if (end > begin || parts === undefined) this.steps.push({ step: index, begin, end, where: "run" });
  }

  #finish(index: number): void {
    const end = this.#ends[index]!;
    const next = this.#next[index]!;
    if (next >= 0) this.#arrive(next, end);
    for (const joined of this.#joined.get(index) ?? []) this.#arrive(joined, end);
  }
}

function cancelledSteps(trace: Trace, { previous }: Causes): Set<number> {
  const steps = new Set<number>();
  const own = stepsByTask(trace);
  for (const { id, outcome } of trace.tasks) {
    const last = outcome === "cancelled" ? own.get(id)?.at(-1) : undefined;
    if (last !== undefined && previous[last]! >= 0 && trace.steps[last]!.cause === "woken") steps.add(last);
  }
  return steps;
}
