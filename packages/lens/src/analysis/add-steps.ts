/** Puts steps into a trace, and lets all that names a step by its index name the same one as before. */
import type { Trace, TraceStep } from "../trace.ts";

/** @param added - in order of their time; each comes behind the steps that began before it did. */
export function addSteps(trace: Trace, added: readonly TraceStep[]): Trace {
  if (added.length === 0) return trace;
  const steps: TraceStep[] = [];
  const moved = new Int32Array(trace.steps.length);
  let next = 0;
  trace.steps.forEach((step, index) => {
    while (next < added.length && added[next]!.begin <= step.begin) steps.push(added[next++]!);
    moved[index] = steps.push(step) - 1;
  });
  steps.push(...added.slice(next));
  const indexOf = (step: number): number => moved[step] ?? step;
  return {
    ...trace,
    steps: steps.map((step) => (step.by < 0 ? step : { ...step, by: indexOf(step.by) })),
    passages: trace.passages.map((passage) => ({
      ...passage,
      step: indexOf(passage.step),
      by: passage.by < 0 ? passage.by : indexOf(passage.by),
    })),
    blocked: trace.blocked.map((one) => (one.step === null ? one : { ...one, step: indexOf(one.step) })),
  };
}
