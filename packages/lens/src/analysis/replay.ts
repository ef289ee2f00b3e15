/**
 * The run once more, had each blocked stretch let others run: a simulation of one thread and its queue, first in, first
 * out. A step is cut into parts: what ran keeps the thread; what was blocked passes beside it, and when it is over the
 * rest of the step queues again. Where it passed what is not there yet, now that others run, it waits (`gates.ts`). Each
 * step and each part is looked at once: O(n log n), and no trace makes it hang.
 */
import type { PredictedStep } from "../summary.ts";
import type { BlockedStretch, Trace } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { Gaps } from "./gaps.ts";
import { Gates } from "./gates.ts";
import { TimeHeap } from "./heap.ts";
import { lengthOf } from "./length.ts";
import { cancelledSteps, type Links, linksOf } from "./links.ts";
import { type Part, partsOf } from "./parts.ts";
import { type Moment, type Passages, passagesOf } from "./passages.ts";
import { stretchesByStep } from "./steps.ts";

export interface Replay {
  /** By begin. Steps that would not have been run, because their task was cancelled before, are missing. */
  readonly steps: readonly PredictedStep[];
  /** How long the run would have taken. */
  readonly seconds: number;
}

export function replay(trace: Trace, causes: Causes): Replay {
  const simulation = new Simulation(trace, causes);
  simulation.run();
  const { steps, ends, gaps } = simulation;
  return { steps: steps.sort((a, b) => a.begin - b.begin), seconds: lengthOf(trace, gaps, ends) };
}

type Open = { -readonly [K in keyof PredictedStep]: PredictedStep[K] };

/** How far a step of several parts has come. */
interface Progress {
  readonly parts: readonly Part[];
  at: number;
  /** The next of its followers. */
  follower: number;
  /** The next of its moments that count for gates. */
  moment: number;
  away: Open | null;
  isShown: boolean;
}

const NONE: readonly never[] = [];
/** Per second: far finer than any clock, and far coarser than the rounding of sums. */
const GRID = 2 ** 40;

/** What differs only by the rounding of sums is at the same time, and then in the recorded order. */
function onGrid(time: number): number {
  return Math.round(time * GRID) / GRID;
}

class Simulation {
  readonly steps: PredictedStep[] = [];
  /** For each step: when it ended. */
  readonly ends: Float64Array;
  readonly gaps: Gaps;
  readonly #trace: Trace;
  readonly #causes: Causes;
  readonly #stretches: ReadonlyMap<number, readonly BlockedStretch[]>;
  readonly #passages: Passages;
  readonly #gates: Gates;
  /**
   * What comes when: a step, or the rest of one; from `#relays` on, news for a step, which queues behind them; from
   * `#leavings` on, the cancellation of a step that waits at a gate.
   */
  readonly #queue = new TimeHeap();
  readonly #relays: number;
  readonly #leavings: number;
  /** The thread is free from here on. */
  #free = 0;
  /** When each worker is free, for what needs a CPU. */
  readonly #workers: TimeHeap = new TimeHeap();
  /** For each step: what it still waits for. */
  readonly #missing: Uint32Array;
  /** For each step: when it is ready, as far as is known. */
  readonly #ready: Float64Array;
  readonly #links: Links;
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
    this.#passages = passagesOf(trace, causes.previous);
    this.#gates = new Gates(trace, this.#passages, (step, time) => this.#resume(step, time));
    this.gaps = new Gaps(trace);
    this.#relays = count;
    this.#leavings = 2 * count;
    this.#cancelled = cancelledSteps(trace, causes, this.#passages);
    const inParts = [...this.#stretches.keys(), ...this.#passages.gates.keys()];
    this.#links = linksOf(causes, this.#passages, this.#cancelled, inParts);
    this.#missing = this.#links.missing;
    this.#ready = new Float64Array(count);
    this.ends = new Float64Array(count);
    for (let n = 0; n < Math.max(1, trace.program.cores); n++) this.#workers.push(0, n);
  }

  run(): void {
    const { from, delay } = this.#causes;
    for (let index = 0; index < from.length; index++) {
      if (from[index]! < 0 && !this.#passages.handed.has(index)) this.#arrive(index, delay[index]!);
    }
    while (this.#queue.size > 0 || this.#gates.letOneGoOn(this.#free)) {
      const { time, index } = this.#queue.pop();
      if (index >= this.#leavings) this.#leaveGate(index - this.#leavings, time);
      else if (index >= this.#relays) this.#queueUp(index - this.#relays, Math.max(this.#free, time));
      else this.#takeTurn(index, time);
    }
  }

  /** The step, or the rest of it, has the thread. */
  #takeTurn(index: number, time: number): void {
    const progress = this.#progress.get(index);
    const cancelled = this.#cancelledBefore(index, Math.max(this.#free, time));
    if (cancelled !== undefined) {
      this.#leaveOut(index, cancelled, progress);
      return;
    }
    this.#gates.goesOn(index);
    if (progress !== undefined) this.#goOn(index, time, progress);
    else if (this.#stretches.has(index) || this.#passages.gates.has(index) || this.#passages.moments.has(index)) {
      this.#beginInParts(index, time);
    } else this.#runWhole(index, time);
  }

  /** One of the things that step `index` waits for is there. */
  #arrive(index: number, time: number): void {
    this.#ready[index] = Math.max(this.#ready[index]!, time);
    if (--this.#missing[index]! > 0) return;
    const { task } = this.#trace.steps[index]!;
    const ready = this.#ready[index]!;
    if (task !== null && this.#cancelled.has(index)) this.#cancel(task, ready);
    if (this.#causes.isRelayed[index] === 1) this.#enqueue(ready, this.#relays + index);
    else this.#queueUp(index, ready);
  }

  #enqueue(time: number, index: number): void {
    this.#queue.push(onGrid(time), index);
  }

  #queueUp(index: number, ready: number): void {
    this.#enqueue(ready + this.gaps.unseen[index]!, index);
  }

  #cancel(task: number, time: number): void {
    this.#cancelledAt.set(task, onGrid(time));
    const waiting = this.#gates.waiting(task);
    if (waiting !== undefined) this.#enqueue(time, this.#leavings + waiting);
  }

  /** What it waited for at a gate is there. */
  #resume(index: number, time: number): void {
    if (this.#progress.has(index)) this.#enqueue(time, index);
    else this.#queueUp(index, time);
  }

  /** A step that waits at a gate is cancelled, unless it has gone on meanwhile. */
  #leaveGate(index: number, time: number): void {
    const cancelled = this.#gates.isWaiting(index) ? this.#cancelledBefore(index, time) : undefined;
    if (cancelled !== undefined) this.#leaveOut(index, cancelled, this.#progress.get(index));
  }

  /** @returns whether it goes on at once. */
  #passes(index: number, passage: number, time: number): boolean {
    const open = this.#gates.meet(index, passage, time);
    if (open !== undefined && open <= time) {
      this.#gates.goesOn(index);
      return true;
    }
    if (open !== undefined) this.#resume(index, open);
    else {
      const { task } = this.#trace.steps[index]!;
      const cancelled = task === null ? undefined : this.#cancelledAt.get(task);
      if (cancelled !== undefined) this.#enqueue(Math.max(cancelled, time), this.#leavings + index);
    }
    return false;
  }

  /** The step before has ended: this one wants the lock that was handed to it in the recorded run. */
  #request(index: number, passage: number, time: number): void {
    if (this.#cancelledBefore(index, time) !== undefined) this.#queueUp(index, time);
    // Free now: the task would not even have given up the thread.
    else if (this.#passes(index, passage, time)) this.#enqueue(-Infinity, index);
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
    const followers = progress?.follower ?? this.#links.first[index]!;
    for (let at = followers; at < this.#links.first[index + 1]!; at++) {
      const follower = this.#links.followers[at]!;
      const { task, cause } = this.#trace.steps[follower]!;
      // What it would have begun is not begun either.
      if (cause === "made" && task !== null && this.#causes.previous[follower]! < 0) this.#cancel(task, time);
      this.#arrive(follower, time + delay[follower]!);
    }
    this.#gates.leaveOut(index, this.#gatesAhead(index, progress), time);
    const moments = this.#passages.moments.get(index) ?? NONE;
    for (let at = progress?.moment ?? 0; at < moments.length; at++) this.#gates.reach(moments[at]!, time);
    this.#progress.delete(index);
    this.ends[index] = Math.max(this.ends[index]!, time);
    this.#finish(index);
  }

  #begin(index: number, time: number): number {
    return Math.max(this.#free, time) + this.gaps.between[index]!;
  }

  #runWhole(index: number, time: number): void {
    const { begin, end } = this.#trace.steps[index]!;
    const { offset, delay } = this.#causes;
    const start = this.#begin(index, time);
    this.#runs(index, start, start + Math.max(0, end - begin));
    for (let at = this.#links.first[index]!; at < this.#links.first[index + 1]!; at++) {
      const follower = this.#links.followers[at]!;
      this.#arrive(follower, start + offset[follower]! + delay[follower]!);
    }
    this.#finish(index);
  }

  #beginInParts(index: number, time: number): void {
    const { steps, passages } = this.#trace;
    const stretches = this.#stretches.get(index) ?? NONE;
    const parts = partsOf(steps[index]!, stretches, this.#passages.gates.get(index) ?? NONE, passages);
    const follower = this.#links.first[index]!;
    const progress: Progress = { parts, at: 0, follower, moment: 0, away: null, isShown: false };
    this.#progress.set(index, progress);
    this.#goOn(index, this.#begin(index, time), progress);
  }

  /** Runs up to the next stretch and through it, or to where it has to wait, or to the end. */
  #goOn(index: number, time: number, progress: Progress): void {
    const { parts } = progress;
    for (;;) {
      const run = parts[progress.at++]!;
      const next = parts[progress.at++];
      const start = Math.max(this.#free, time);
      const stop = start + (run.to - run.from);
      this.#runsInPart(index, start, stop, progress, next === undefined);
      this.#release(index, progress, run, start, next);
      if (next === undefined) break;
      if (next.kind === "gate") {
        if (!this.#passes(index, next.passage, stop)) return;
        continue;
      }
      this.#passBeside(index, stop, progress, next);
      return;
    }
    this.#progress.delete(index);
    this.#finish(index);
  }

  #passBeside(index: number, time: number, progress: Progress, away: Part): void {
    let begin = time;
    const seconds = away.to - away.from;
    if (away.kind === "cpu") {
      const worker = this.#workers.pop();
      begin = Math.max(time, worker.time);
      this.#workers.push(begin + seconds, worker.index);
    }
    progress.away = { step: index, begin, end: begin + seconds, where: "away" };
    progress.isShown = true;
    this.steps.push(progress.away);
    this.#release(index, progress, away, begin, away);
    this.#enqueue(begin + seconds, index);
  }

  /**
   * Lets those go that count from a moment in this part.
   * @param next - what follows; undefined after the last part.
   */
  #release(index: number, progress: Progress, part: Part, start: number, next: Part | undefined): void {
    const { offset, delay, previous } = this.#causes;
    const isGate = next?.kind === "gate";
    const timeOf = (moment: number): number => start + Math.max(0, moment - part.from);
    for (; progress.follower < this.#links.first[index + 1]!; progress.follower++) {
      const follower = this.#links.followers[progress.follower]!;
      const moment = offset[follower]!;
      // Its task's own next step counts from where this one ends, behind every gate.
      const isAfter = moment > part.to || (isGate && moment === part.to && previous[follower] === index);
      if (isAfter && next !== undefined) break;
      this.#arrive(follower, timeOf(moment) + delay[follower]!);
    }
    const moments = this.#passages.moments.get(index) ?? NONE;
    for (; progress.moment < moments.length; progress.moment++) {
      const moment = moments[progress.moment]!;
      const isAfter = moment.offset > part.to || (isGate && isBehind(moment, part.to, next.passage));
      if (isAfter && next !== undefined) break;
      this.#gates.reach(moment, timeOf(moment.offset));
    }
  }

  #runs(index: number, begin: number, end: number): void {
    this.#free = end;
    this.ends[index] = end;
    this.steps.push({ step: index, begin, end, where: "run" });
  }

  /** What goes on where it left off is one; what takes no time is only shown if nothing else is. */
  #runsInPart(index: number, begin: number, end: number, progress: Progress, isLast: boolean): void {
    const last = this.steps.at(-1);
    if (last?.step === index && last.where === "run" && last.end === begin) {
      this.steps[this.steps.length - 1] = { ...last, end };
      this.#free = this.ends[index] = end;
    } else if (end > begin || (isLast && !progress.isShown)) {
      progress.isShown = true;
      this.#runs(index, begin, end);
    } else this.#free = this.ends[index] = end;
  }

  /** The gates that it has not passed, first that at which it is. */
  #gatesAhead(index: number, progress: Progress | undefined): readonly number[] {
    if (progress !== undefined) {
      return progress.parts.slice(progress.at - 1).flatMap(({ kind, passage }) => (kind === "gate" ? [passage] : []));
    }
    const handed = this.#passages.handed.get(index);
    const gates = this.#passages.gates.get(index) ?? NONE;
    return handed === undefined ? gates : [handed, ...gates];
  }

  #finish(index: number): void {
    const end = this.ends[index]!;
    const next = this.#links.next[index]!;
    const handed = this.#passages.handed.get(next);
    if (handed !== undefined) this.#request(next, handed, end);
    else if (next >= 0) this.#arrive(next, end);
    for (const joined of this.#links.joined.get(index) ?? []) this.#arrive(joined, end);
  }
}

/** At the time of a gate, what came after it in the recorded run. */
function isBehind({ kind, offset, passage }: Moment, time: number, gate: number): boolean {
  return kind === "released" && offset === time && passage > gate;
}
