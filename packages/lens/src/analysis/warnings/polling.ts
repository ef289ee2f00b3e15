/** TW006: a task polls on a timer for what it could be told. */
import type { Warning } from "../../summary.ts";
import type { Trace, TraceStep, TraceTask } from "../../trace.ts";
import { inSeconds, inWords, times } from "../figures.ts";
import { nameOf, stepsByTask, tasksById } from "../steps.ts";

/** From so many looks on it is polling. */
const LOOKS = 20;
/** Seconds between two looks, at most. Who looks more seldom loses little. */
const LONGEST_DELAY = 0.25;
/**
 * Seconds that a quarter of the looks take, at most. To ask for a flag takes a µs where it is done all the time; but
 * every 10 ms, with all caches cold and others on the machine, the step takes up to 150 µs, and one that prints 300.
 */
const LONGEST_LOOK = 200e-6;
/** Of so many tasks is asked whether one brought about what was polled for. */
const SUSPECTS = 50;

/**
 * The rule: at least {@link LOOKS} times in a row a task wakes by a timer that it set itself, each time with the same
 * short delay; it does next to nothing then, and nobody is woken and nothing is made by it. At last it goes on by itself
 * to something else; and just before that another ran, which had run in fewer than half of the pauses before.
 *
 * So a metronome or a progress ticker (prints, works, or goes on until it is cancelled), a retry with growing pauses and
 * a rate limiter (begins or wakes something each time) are not meant.
 */
export function polling(trace: Trace): Warning[] {
  const tasks = tasksById(trace);
  const steps = stepsByTask(trace);
  const callbacks = trace.steps.flatMap(({ task }, index) => (task === null ? [index] : []));
  const effects = effectsOf(trace);
  const warnings: Warning[] = [];
  for (const [id, own] of steps) {
    const task = tasks.get(id);
    if (task === undefined || own.length <= LOOKS) continue;
    for (const run of runsOf(trace, own)) {
      const looks = run.steps.slice(0, -1);
      if (looks.length < LOOKS || !looks.every((index) => effects[index]! <= 1)) continue;
      if (!isIdle(looks.map((index) => trace.steps[index]!))) continue;
      if (!wentOnByItself(trace, task, run)) continue;
      const cause = causeOfEnd(trace, run.steps, id, (other) => (other === null ? callbacks : steps.get(other)!));
      if (cause === undefined) continue;
      warnings.push(warningAbout(trace, task, looks.length, run.delay, cause === null ? undefined : tasks.get(cause)));
      break;
    }
  }
  return warnings;
}

/** Steps of one task that timers woke one after another, each set by the step before. The last may be more than a look. */
interface Run {
  readonly steps: readonly number[];
  readonly delay: number;
  /** The task's step after them. */
  readonly next: number | undefined;
}

function runsOf(trace: Trace, own: readonly number[]): Run[] {
  const runs: Run[] = [];
  let steps: number[] = [];
  let delay = 0;
  for (let at = 1; at <= own.length; at++) {
    const index = own[at];
    const step = index === undefined ? undefined : trace.steps[index];
    const pause = step?.cause === "timer" && step.by === own[at - 1] ? step.timerWhen - step.timerSet : -1;
    if (pause > 0 && pause <= LONGEST_DELAY && steps.length > 0 && isNear(pause, delay)) {
      steps.push(index!);
      continue;
    }
    if (steps.length > LOOKS) runs.push({ steps, delay, next: index });
    steps = pause > 0 && pause <= LONGEST_DELAY ? [index!] : [];
    delay = pause;
  }
  return runs;
}

function isNear(pause: number, delay: number): boolean {
  return Math.abs(pause - delay) <= Math.max(0.001, delay / 10);
}

/** For each step: how many others it made, woke or set a timer for. */
function effectsOf(trace: Trace): Uint32Array {
  const effects = new Uint32Array(trace.steps.length);
  for (const { by } of trace.steps) if (by >= 0 && by < effects.length) effects[by]!++;
  return effects;
}

function isIdle(looks: readonly TraceStep[]): boolean {
  const spans = looks.map(({ begin, end }) => end - begin).sort((a, b) => a - b);
  return spans[spans.length >> 2]! <= LONGEST_LOOK;
}

/** It was not cancelled out of its next pause, and does not still poll. */
function wentOnByItself(trace: Trace, task: TraceTask, { steps, next }: Run): boolean {
  const last = trace.steps[steps.at(-1)!]!;
  if (last.then === "done") return task.outcome !== "cancelled";
  if (next === undefined) return false;
  return trace.steps[next]!.cause === "timer" || !last.on.startsWith("a sleep");
}

/** Who may have brought about what was polled for: a task, null for a callback; undefined if nobody did. */
function causeOfEnd(
  trace: Trace,
  looks: readonly number[],
  self: number,
  stepsOf: (task: number | null) => readonly number[],
): number | null | undefined {
  const suspects = new Set<number | null>();
  for (let index = looks.at(-2)! + 1; index < looks.at(-1)! && suspects.size < SUSPECTS; index++) {
    const { task } = trace.steps[index]!;
    if (task !== self) suspects.add(task);
  }
  let cause: number | null | undefined;
  let fewest = (looks.length - 2) / 2;
  for (const suspect of suspects) {
    const steps = stepsOf(suspect);
    let pauses = 0;
    let at = firstAfter(steps, looks[0]!);
    for (let n = 1; n < looks.length - 1; n++) {
      const here = at;
      while (at < steps.length && steps[at]! < looks[n]!) at++;
      if (at > here) pauses++;
    }
    if (pauses >= fewest) continue;
    // Others may have run by chance just then: a clock that ticks now and then.
    fewest = pauses;
    cause = suspect;
  }
  return cause;
}

function firstAfter(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function warningAbout(
  trace: Trace,
  task: TraceTask,
  looks: number,
  delay: number,
  other: TraceTask | undefined,
): Warning {
  const made = task.madeAt === null ? "" : `, made at ${inWords(task.madeAt, trace.program.cwd)},`;
  const end = other === undefined ? "" : `, until ${nameOf(other)} had run`;
  return {
    code: "TW006",
    title: "a task polls",
    message: `the task ${nameOf(task)}${made} woke ${times(looks)}, every ${inSeconds(delay)}, and did next to nothing${end}`,
    remedy:
      "let it be told: await the task, or an `Event`, a `Condition` or a `Queue` that the other side sets, notifies or fills",
    at: task.madeAt,
    tasks: [task.id],
  };
}
