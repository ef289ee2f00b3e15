/** Traces from a seed: consistent ones of any size, for what must hold for every trace and for what must stay fast. */
import type { BlockedStretch, Trace, TraceStep, TraceTask } from "../../trace.ts";
import { step, stretch, task, traceOf } from "./trace-builder.ts";

export interface RandomTraceSize {
  readonly tasks: number;
  readonly steps: number;
  /** How much of the time steps are blocked: the chance that a step is; 0 by default. */
  readonly blocked?: number;
  /** Steps without a length, as under a virtual clock. */
  readonly virtual?: boolean;
}

/** The same trace for the same seed and size. */
export function randomTrace(
  seed: number,
  { tasks: taskCount, steps: stepCount, blocked: chance = 0, virtual = false }: RandomTraceSize,
): Trace {
  const random = numbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const steps: TraceStep[] = [];
  const blocked: BlockedStretch[] = [];
  const lastStep = new Int32Array(taskCount).fill(-1);
  const made = new Float64Array(taskCount);
  let now = 0.001;
  for (let index = 0; index < stepCount; index++) {
    const isCallback = random() < 0.05;
    const of = below(taskCount);
    const isBlocked = random() < chance;
    const begin = now;
    const length = virtual ? 0 : isBlocked ? 0.1 + random() : random() ** 4 * 0.002;
    now += length;
    const previous = lastStep[of]!;
    const earliest = isCallback || previous < 0 ? Math.max(0, begin - 0.003) : steps[previous]!.end;
    const by = index > 0 && random() < 0.7 ? index - 1 - below(Math.min(index, 20)) : -1;
    const ready = Math.max(earliest, begin - random() ** 2 * 0.01, by < 0 ? 0 : steps[by]!.begin);
    if (isCallback)
      steps.push(step(null, begin, now, { callback: `callback-${below(5)}`, ready: Math.min(ready, begin), by }));
    else {
      if (previous < 0) made[of] = Math.min(ready, begin);
      steps.push(
        step(of + 1, begin, now, {
          ready: Math.min(ready, begin),
          by,
          cause: previous < 0 ? "made" : by < 0 ? "outside" : "woken",
          on: random() < 0.5 ? `a queue of ${below(9)}` : "",
        }),
      );
      lastStep[of] = index;
    }
    if (isBlocked && !virtual) {
      const [from, to] = [begin + length * 0.1, begin + length * 0.9];
      const owner = isCallback ? null : of + 1;
      blocked.push(
        stretch(from, to, { step: index, task: owner, called: "execSync", kind: random() < 0.5 ? "cpu" : "waiting" }),
      );
    }
    if (random() < 0.1) now += random() * 0.01;
  }
  const tasks: TraceTask[] = Array.from({ length: taskCount }, (_, index) => {
    const last = lastStep[index]!;
    const isDone = last >= 0 && random() < 0.8;
    const parent = index > 0 && random() < 0.9 ? 1 + below(index) : null;
    return task(index + 1, `worker-${index + 1}`, {
      parent,
      made: made[index]!,
      ...(isDone ? { done: steps[last]!.end } : {}),
    });
  });
  return traceOf({ duration: now + 0.001, tasks, steps, blocked });
}

/** Numbers from 0 to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
