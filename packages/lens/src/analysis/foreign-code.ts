/**
 * Code of a task that runs after it awaited a promise that is not Turnwise's. No step of the loop calls it, so the
 * recorder has a step without length for it, at the moment in which it gave the thread back; and none if it then awaited
 * another such promise. What it blocked stands outside of steps, with the task's name. Here the two are put together: the
 * step begins where the code began to block.
 */
import type { BlockedStretch, Trace, TraceStep } from "../trace.ts";
import { addSteps } from "./add-steps.ts";
import { type HostTimer, HostTimers } from "./host-timers.ts";
import { SEEN_AT_ONCE } from "./outside.ts";
import { previousSteps, stepsByTask } from "./steps.ts";

/** Among so many steps that follow it is looked for those that the code made ready. */
const FOLLOWERS = 1000;

/** @param set - the timers of Node's own that tasks set. */
export function withForeignCode(recorded: Trace, set: readonly HostTimer[] = []): Trace {
  const timers = new HostTimers(set, recorded.blocked);
  const trace = addSteps(recorded, stepsBetweenForeignWaits(recorded, timers));
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
  const blocked = trace.blocked.map((one) => (owners.has(one) ? { ...one, step: owners.get(one)! } : one));
  return timers.asCauses({ ...trace, steps, blocked });
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

/**
 * Steps without length where a task had awaited a promise that is not Turnwise's, and awaited another: at the end of what
 * it blocked in between; and where it set a timer, if it was woken late.
 */
function stepsBetweenForeignWaits(trace: Trace, timers: HostTimers): TraceStep[] {
  const own = stepsByTask(trace);
  const added: TraceStep[] = [];
  /** Adds one, unless the task did not wait for such a promise, or a step of its own is there. */
  const add = (task: number, end: number, isWanted = (_since: number): boolean => true): void => {
    const steps = own.get(task) ?? [];
    const next = firstAfter(steps.length, end, (at) => trace.steps[steps[at]!]!.begin);
    const before = trace.steps[steps[next - 1] ?? -1];
    const after = trace.steps[steps[next] ?? -1];
    if (before?.then !== "foreign" || before.end > end || !isWanted(before.end)) return;
    if (after !== undefined && isForeignCode(after) && after.begin - end <= SEEN_AT_ONCE) {
      // The same code, unless others ran meanwhile: it had given the thread back then.
      const other = trace.steps[steps[next]! - 1];
      if (other === undefined || other.begin < end) return;
    }
    added.push(foreignStep(task, end));
  };
  const loose = looseStretches(trace);
  for (const [task, stretches] of loose) for (const { end } of stretches) add(task, end);
  for (const { task, made } of timers) {
    const stretches = loose.get(task) ?? [];
    const last = stretches[firstAfter(stretches.length, made, (at) => stretches[at]!.begin) - 1];
    if (last !== undefined && made - last.end <= SEEN_AT_ONCE) continue; // It has one.
    add(task, made, (since) => timers.late(task, since, made) !== undefined);
  }
  return added.sort((a, b) => a.begin - b.begin);
}

function foreignStep(task: number, time: number): TraceStep {
  return {
    task,
    callback: "",
    begin: time,
    end: time,
    ready: time,
    cause: "outside",
    by: -1,
    timerSet: 0,
    timerWhen: 0,
    then: "foreign",
    on: "",
    onTask: null,
    at: null,
  };
}

/** Whether it is the step without length for code that followed a promise that is not Turnwise's. */
function isForeignCode({ task, cause, begin, end }: TraceStep): boolean {
  return task !== null && cause === "outside" && end <= begin;
}

/** Those of the sorted stretches that follow each other up to `end`, not before `from`. */
function runUpTo(end: number, from: number, stretches: readonly BlockedStretch[]): BlockedStretch[] {
  const run: BlockedStretch[] = [];
  let edge = end;
  for (let at = firstAfter(stretches.length, end, (index) => stretches[index]!.begin) - 1; at >= 0; at--) {
    const stretch = stretches[at]!;
    if (stretch.end <= from || edge - stretch.end > SEEN_AT_ONCE) break;
    run.push(stretch);
    edge = stretch.begin;
  }
  return run.reverse();
}

/** The index of the first of `count` sorted times that is not before `time`. */
function firstAfter(count: number, time: number, at: (index: number) => number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < time) low = middle + 1;
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
