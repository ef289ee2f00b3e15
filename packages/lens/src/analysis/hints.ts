/** What may be worth a look: never more than a hint, since the trace can't know whether it applies. */
import type { Hint } from "../summary.ts";
import type { Trace, TraceTask } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { inSeconds, times } from "./figures.ts";
import { countBefore } from "./sorted.ts";
import { nameOf, readyAt, stepsByTask, tasksById } from "./steps.ts";

/** What a hint may gain at least, in seconds and as a part of the run. */
const LEAST_GAIN = 0.1;
const LEAST_SHARE = 0.1;
/** Between two waits a task works at most so many seconds; a wait of less is no wait. */
const LONGEST_WORK = 0.01;
const SHORTEST_WAIT = 0.001;
/** So many equal sleeps in a row are a clock, not things to wait for. */
const CLOCK = 10;

/** Waits of one task, one after another. */
interface Sequence {
  readonly waits: readonly { readonly seconds: number; readonly isSleep: boolean }[];
  readonly seconds: number;
  readonly longest: number;
  /** For how long the thread had nothing to do meanwhile: more can't be gained. */
  readonly idle: number;
}

/** When the thread had nothing to do. */
class IdleTime {
  readonly #ends: Float64Array;
  /** How much of the time up to each step was idle. */
  readonly #until: Float64Array;

  constructor({ steps }: Trace) {
    this.#ends = Float64Array.from(steps, ({ end }) => end);
    let idle = 0;
    this.#until = Float64Array.from(steps, ({ begin }, index) => {
      idle += Math.max(0, begin - (this.#ends[index - 1] ?? 0));
      return idle;
    });
  }

  /** In seconds. */
  between(begin: number, end: number): number {
    return this.#upTo(end) - this.#upTo(begin);
  }

  #upTo(time: number): number {
    const before = countBefore(this.#ends, time, true);
    const next = this.#until[before] ?? this.#until.at(-1) ?? 0;
    const sinceEnd = before === 0 ? time : time - this.#ends[before - 1]!;
    const idleSince = next - (before === 0 ? 0 : this.#until[before - 1]!);
    return next - idleSince + Math.min(idleSince, Math.max(0, sinceEnd));
  }
}

/**
 * Waits that followed each other and might have gone on together: for timers, for things outside and for tasks that were
 * made only when the wait before was over, with next to no work between them.
 */
export function hintsFor(trace: Trace, causes: Causes): Hint[] {
  const tasks = tasksById(trace);
  const idle = new IdleTime(trace);
  const hints = new Map<string, { task: TraceTask; best: Sequence; tasks: number[] }>();
  for (const [id, steps] of stepsByTask(trace)) {
    const task = tasks.get(id);
    const best = bestSequence(trace, causes, tasks, steps, idle);
    if (task === undefined || best === null) continue;
    const key = task.coro === "" ? task.name : task.coro;
    const hint = hints.get(key);
    if (hint === undefined) hints.set(key, { task, best, tasks: [id] });
    else {
      hint.tasks.push(id);
      if (gainOf(best) > gainOf(hint.best)) Object.assign(hint, { task, best });
    }
  }
  return [...hints.values()].map(toHint).sort((a, b) => b.seconds - a.seconds);
}

function toHint({ task, best, tasks }: { task: TraceTask; best: Sequence; tasks: number[] }): Hint {
  const others = tasks.length === 1 ? "" : ` (so did ${tasks.length - 1} more of ${task.coro || task.name})`;
  return {
    code: "TW101",
    message:
      `${nameOf(task)}${others} waited ${times(best.waits.length)} one after another, for ${inSeconds(best.seconds)} in all; ` +
      `if these waits are independent, \`gather\` would have taken ${inSeconds(best.seconds - gainOf(best))}: ` +
      `${inSeconds(gainOf(best))} less`,
    seconds: gainOf(best),
    tasks,
  };
}

function gainOf({ seconds, longest, idle }: Sequence): number {
  return Math.min(seconds - longest, idle);
}

function bestSequence(
  trace: Trace,
  causes: Causes,
  tasks: ReadonlyMap<number, TraceTask>,
  steps: readonly number[],
  idle: IdleTime,
): Sequence | null {
  const least = Math.max(LEAST_GAIN, LEAST_SHARE * trace.duration);
  let best: Sequence | null = null;
  let waits: { seconds: number; isSleep: boolean }[] = [];
  let lastEnd = -Infinity;
  let begin = 0;
  const close = (): void => {
    const seconds = waits.reduce((sum, wait) => sum + wait.seconds, 0);
    const longest = waits.reduce((most, wait) => Math.max(most, wait.seconds), 0);
    const sequence = { waits, seconds, longest, idle: idle.between(begin, lastEnd) };
    if (gainOf(sequence) >= least && !isClock(waits) && (best === null || gainOf(sequence) > gainOf(best))) {
      best = sequence;
    }
    waits = [];
  };
  for (let at = 1; at < steps.length; at++) {
    const before = trace.steps[steps[at - 1]!]!;
    const step = trace.steps[steps[at]!]!;
    if (before.end - before.begin > LONGEST_WORK) close();
    const end = readyAt(step) - causes.late[steps[at]!]!;
    const seconds = end - before.end;
    if (seconds < SHORTEST_WAIT) continue;
    const awaited = before.onTask === null ? undefined : tasks.get(before.onTask);
    const isSleep = step.cause === "timer" && step.by === steps[at - 1];
    const isTask = step.cause === "woken" && awaited !== undefined;
    if (!isSleep && !isTask && step.cause !== "outside") {
      close();
      continue;
    }
    if (isTask && awaited.made < lastEnd) close(); // It went on already during the wait before.
    if (waits.length === 0) begin = before.end;
    waits.push({ seconds, isSleep });
    lastEnd = end;
  }
  close();
  return best;
}

function isClock(waits: readonly { readonly seconds: number; readonly isSleep: boolean }[]): boolean {
  if (waits.length < CLOCK || !waits.every(({ isSleep }) => isSleep)) return false;
  const spans = waits.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const usual = spans[spans.length >> 1]!;
  return spans.filter((span) => Math.abs(span - usual) <= usual / 10).length > 0.8 * spans.length;
}
