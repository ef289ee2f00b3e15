/** What is asked about the steps of a trace in several places. */
import { inOneLine } from "./figures.ts";
import type { BlockedStretch, Trace, TraceStep, TraceTask } from "../trace.ts";

/** When a step was ready. A timer's is when it was due: a blocked loop notices that late. */
export function readyAt(step: TraceStep): number {
  const ready = step.cause === "timer" ? Math.min(step.ready, step.timerWhen) : step.ready;
  return Math.min(ready, step.begin);
}

/** For each step the one before it of the same task; -1 where there is none, and for callbacks. */
export function previousSteps(trace: Trace): Int32Array {
  const previous = new Int32Array(trace.steps.length).fill(-1);
  const latest = new Map<number, number>();
  trace.steps.forEach(({ task }, index) => {
    if (task === null) return;
    previous[index] = latest.get(task) ?? -1;
    latest.set(task, index);
  });
  return previous;
}

/** The steps of each task, in order: indices. */
export function stepsByTask(trace: Trace): Map<number, number[]> {
  const all = new Map<number, number[]>();
  trace.steps.forEach(({ task }, index) => {
    if (task === null) return;
    const steps = all.get(task);
    if (steps === undefined) all.set(task, [index]);
    else steps.push(index);
  });
  return all;
}

/** The blocked stretches of each step that has any, cut to the step. */
export function stretchesByStep(trace: Trace): Map<number, BlockedStretch[]> {
  const all = new Map<number, BlockedStretch[]>();
  for (const stretch of trace.blocked) {
    const step = stretch.step === null ? undefined : trace.steps[stretch.step];
    if (stretch.step === null || step === undefined) continue;
    const stretches = all.get(stretch.step) ?? [];
    const begin = Math.max(stretch.begin, stretches.at(-1)?.end ?? step.begin);
    const end = Math.min(stretch.end, step.end);
    if (end <= begin) continue;
    stretches.push({ ...stretch, begin, end });
    all.set(stretch.step, stretches);
  }
  return all;
}

export function tasksById(trace: Trace): Map<number, TraceTask> {
  return new Map(trace.tasks.map((task) => [task.id, task]));
}

/** Whether steps of this task may be missing. */
export function isIncomplete(trace: Trace, task: TraceTask): boolean {
  return trace.dropped.steps > 0 && task.made < trace.dropped.completeFrom;
}

/** Whether what is waited for, in words, is a lock, a queue or the like: "Lock 1", "<Event [unset]>". */
export function isShared(on: string): boolean {
  return /^(?!<?TaskGroup\b)(<|\p{Lu}\w* \d+$)/u.test(on);
}

/** What a task is called in messages: by its function too, where its name is only a number. */
export function nameOf({ name, coro }: TraceTask): string {
  return inOneLine(coro !== "" && /^Task-\d+$/.test(name) ? `${name} ${coro}()` : name, 80);
}
