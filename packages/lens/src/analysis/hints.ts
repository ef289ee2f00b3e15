/** What may be worth a look: never more than a hint, since the trace can't know whether it applies. */
import type { Hint } from "../summary.ts";
import type { Trace, TraceTask } from "../trace.ts";
import type { Causes } from "./causes.ts";
import { inSeconds, times } from "./figures.ts";
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
}

/**
 * Waits that followed each other and might have gone on together: for timers, for things outside and for tasks that were
 * made only when the wait before was over, with next to no work between them.
 */
export function hintsFor(trace: Trace, causes: Causes): Hint[] {
  const tasks = tasksById(trace);
  const hints = new Map<string, { task: TraceTask; best: Sequence; tasks: number[] }>();
  for (const [id, steps] of stepsByTask(trace)) {
    const task = tasks.get(id);
    const best = bestSequence(trace, causes, tasks, steps);
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
      `if these waits are independent, \`gather\` would have taken ${inSeconds(best.longest)}: ` +
      `${inSeconds(gainOf(best))} less`,
    seconds: gainOf(best),
    tasks,
  };
}

function gainOf({ seconds, longest }: Sequence): number {
  return seconds - longest;
}

function bestSequence(
  trace: Trace,
  causes: Causes,
  tasks: ReadonlyMap<number, TraceTask>,
  steps: readonly number[],
): Sequence | null {
  const least = Math.max(LEAST_GAIN, LEAST_SHARE * trace.duration);
  let best: Sequence | null = null;
  let waits: { seconds: number; isSleep: boolean }[] = [];
  let lastEnd = -Infinity;
  const close = (): void => {
    const seconds = waits.reduce((sum, wait) => sum + wait.seconds, 0);
    const longest = waits.reduce((most, wait) => Math.max(most, wait.seconds), 0);
    const sequence = { waits, seconds, longest };
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
