/** `summarise`: what a trace comes to. */
import type { Summary } from "../summary.ts";
import type { Trace } from "../trace.ts";
import { blockedTime } from "./blocked-lines.ts";
import { causesOf } from "./causes.ts";
import { criticalPath } from "./critical-path.ts";
import { hintsFor } from "./hints.ts";
import { predict } from "./predict.ts";
import { ReadySteps } from "./ready.ts";
import { warningsFor } from "./warnings/warnings.ts";

/**
 * The figures, the prediction, the warnings and the hints for a recorded run. It only computes, so it works in a browser
 * too; a trace of n steps takes it O(n log n).
 */
export function summarise(trace: Trace): Summary {
  const causes = causesOf(trace);
  const ready = new ReadySteps(trace);
  const blocked = blockedTime(trace, ready);
  const callbacks = trace.steps.reduce((count, { task }) => (task === null ? count + 1 : count), 0);
  return {
    format: "turnwise-summary",
    version: 1,
    program: trace.program,
    duration: trace.duration,
    blocked,
    prediction: predict(trace, causes),
    criticalPath: criticalPath(trace, causes),
    counts: {
      tasks: trace.tasks.length,
      steps: trace.steps.length - callbacks,
      callbacks,
      peakReady: ready.peak(),
    },
    warnings: warningsFor(trace, blocked.lines, ready),
    hints: hintsFor(trace, causes),
    dropped: trace.dropped,
  };
}
