/** What a trace says of a moment, by looking at every step each time: what `Moments` is held against. */
import type { Trace } from "../../../lens/src/trace.ts";

export interface SlowMoment {
  readonly isRunning: boolean;
  readonly ready: readonly number[];
  readonly timers: readonly number[];
  readonly waiting: readonly number[];
  readonly unbegun: readonly number[];
}

/** The moment at `time`, when the steps up to `begun` have begun. */
export function slowMoment({ steps, tasks }: Trace, time: number, begun: number): SlowMoment {
  const current = steps[begun];
  const isRunning =
    current !== undefined && (current.end > time || (current.begin === current.end && current.begin === time));
  const indices = steps.map((_, index) => index);
  const before = (step: number): number =>
    steps[step]!.task === null
      ? -1
      : (indices.findLast((other) => other < step && steps[other]!.task === steps[step]!.task) ?? -1);
  const after = (step: number): number =>
    indices.find((other) => other > step && steps[other]!.task === steps[step]!.task) ?? -1;
  const isReady = (step: number): boolean =>
    steps[step]!.ready <= time && steps[step]!.by <= begun && before(step) <= begun;
  const holds = (step: number): boolean => isRunning && step === begun;

  const ready = indices.filter((step) => step > begun && isReady(step) && !(before(step) >= 0 && holds(before(step))));
  const timers = indices.filter((step) => {
    const { cause, timerSet, by } = steps[step]!;
    return cause === "timer" && timerSet <= time && by <= begun && !isReady(step);
  });
  const waiting = indices.filter((step) => {
    const { task, then } = steps[step]!;
    if (task === null || step > begun || holds(step)) return false;
    const next = after(step);
    if (next >= 0) return !isReady(next);
    const { done } = tasks.find(({ id }) => id === task)!;
    return then !== "done" && (done === null || done > time);
  });
  const unbegun = tasks.flatMap(({ id, made, done }, index) =>
    made <= time && done === null && steps.every(({ task }) => task !== id) ? [index] : [],
  );
  return {
    isRunning,
    ready,
    timers: timers.toSorted((a, b) => steps[a]!.timerWhen - steps[b]!.timerWhen || a - b),
    waiting,
    unbegun: unbegun.toSorted((a, b) => tasks[a]!.made - tasks[b]!.made),
  };
}
