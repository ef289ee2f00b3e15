/** Random traces in which some steps were made ready by timers. */
import { randomTrace, type RandomTraceSize } from "../../../lens/src/report/testing/random-trace.ts";
import type { Trace, TraceStep } from "../../../lens/src/trace.ts";

/** The same trace for the same seed and size: every third step that nothing else explains had a timer. */
export function timedTrace(seed: number, size: RandomTraceSize): Trace {
  const trace = randomTrace(seed, size);
  const steps = trace.steps.map((step, index): TraceStep => {
    if (step.cause === "made" || index % 3 !== 0) return step;
    const setter = trace.steps[step.by];
    const earliest = setter?.begin ?? 0;
    const timerSet = earliest + (step.ready - earliest) * ((index % 7) / 7);
    return { ...step, cause: "timer", timerSet, timerWhen: timerSet + (step.ready - timerSet) * ((index % 5) / 4) };
  });
  return { ...trace, steps };
}
