/**
 * Code of a task that runs after it awaited a promise that is not Turnwise's. No step of the loop calls it, so the
 * recorder has a step without length for it, at the moment in which it gave the thread back; and none if it then awaited
 * another such promise. What it blocked stands outside of steps, with the task's name. Here the two are put together: the
 * step begins where the code began to block.
 */
import type { BlockedStretch, Trace, TraceStep } from "../trace.ts";
import { addSteps } from "./add-steps.ts";
import { SEEN_AT_ONCE } from "./outside.ts";
import { previousSteps, stepsByTask } from "./steps.ts";

/** Among so many steps that follow it is looked for those that the code made ready. */
const FOLLOWERS = 1000;

export function withForeignCode(recorded: Trace): Trace {
  const trace = addSteps(recorded, stepsBetweenForeignWaits(recorded));
  const loose = looseStretches(trace);
  const previous = previousSteps(trace);
  const steps: TraceStep[] = [...trace.steps];
  const owners = new Map<BlockedStretch, number>();
  let last = 0;
  trace.steps.forEach((step, index) => {
    if (isForeignCode(step)) {
      const from = last;
      const stretches = runUpTo(step.begin, from, loose.get(step.task!) ?? []);
      for (const stretch of stretches) owners.set(stretch, index);
      const begin = Math.min(step.begin, Math.max(from, stretches[0]?.begin ?? step.begin));
      steps[index] = { ...step, begin, ready: Math.min(step.ready, begin) };
      relink(steps, index, stretches.length > 0 ? begin : from, previous);
    }
    last = Math.max(last, step.end);
  });
  if (owners.size === 0) return { ...trace, steps };
  return { ...trace, steps, blocked: trace.blocked.map((one) => ({ ...one, step: owners.get(one) ?? one.step })) };
}

/** What tasks blocked outside of steps. */
function looseStretches({ blocked }: Trace): Map<number, BlockedStretch[]> {
  const loose = new Map<number, BlockedStretch[]>();
  for (const stretch of blocked) {
    if (stretch.step !== null || stretch.task === null) continue;
    const stretches = loose.get(stretch.task);
    if (stretches === undefined) loose.set(stretch.task, [stretch]);
    else stretches.push(stretch);
  }
  return loose;
}

/** A step without length where a task had awaited a promise that is not Turnwise's, blocked, and awaited another. */
function stepsBetweenForeignWaits(trace: Trace): TraceStep[] {
  const own = stepsByTask(trace);
  const added: TraceStep[] = [];
  for (const [task, stretches] of looseStretches(trace)) {
    const steps = own.get(task) ?? [];
    let next = 0;
    for (const { end } of stretches) {
      while (next < steps.length && trace.steps[steps[next]!]!.begin < end) next++;
      const before = trace.steps[steps[next - 1] ?? -1];
      const after = trace.steps[steps[next] ?? -1];
      if (before?.then !== "foreign") continue;
      if (after !== undefined && isForeignCode(after) && after.begin - end <= SEEN_AT_ONCE) continue;
      added.push({
        task,
        callback: "",
        begin: end,
        end,
        ready: end,
        cause: "outside",
        by: -1,
        timerSet: 0,
        timerWhen: 0,
        then: "foreign",
        on: "",
        onTask: null,
        at: null,
      });
    }
  }
  return added.sort((a, b) => a.begin - b.begin);
}

/** Whether it is the step without length for code that followed a promise that is not Turnwise's. */
function isForeignCode({ task, cause, begin, end }: TraceStep): boolean {
  return task !== null && cause === "outside" && end <= begin;
}

/** Those of the sorted stretches that follow each other up to `end`, not before `from`. */
function runUpTo(end: number, from: number, stretches: readonly BlockedStretch[]): BlockedStretch[] {
  const run: BlockedStretch[] = [];
  let edge = end;
  for (let at = firstAfter(stretches, end) - 1; at >= 0; at--) {
    const stretch = stretches[at]!;
    if (stretch.end <= from || edge - stretch.end > SEEN_AT_ONCE) break;
    run.push(stretch);
    edge = stretch.begin;
  }
  return run.reverse();
}

function firstAfter(stretches: readonly BlockedStretch[], time: number): number {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle]!.begin < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What the code set, made or woke since `from` was noted for a step before it. */
function relink(steps: TraceStep[], index: number, from: number, previous: Int32Array): void {
  const { end } = steps[index]!;
  for (let at = index + 1; at < steps.length && at <= index + FOLLOWERS; at++) {
    const step = steps[at]!;
    const isNext = previous[at] === index;
    const moment = step.cause === "timer" ? step.timerSet : step.ready;
    const isByLoop = step.cause === "outside" || step.cause === "turn" || (step.cause === "woken" && isNext);
    const isSince = isNext ? moment >= from : moment > from;
    if (!isByLoop && step.by < index && isSince && moment <= end) steps[at] = { ...step, by: index };
    if (isNext) break;
  }
}
