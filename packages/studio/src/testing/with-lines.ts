/** The notes' traces as they are when lines were recorded. */
import type { Trace, TraceSource, TraceStep } from "../../../lens/src/trace.ts";

/** The lines at which the main task waits, and the others. */
export interface Lines {
  readonly main: number;
  readonly sleep: number;
}

export function withLines(trace: Trace, source: TraceSource, lines: Lines): Trace {
  const [main] = trace.tasks;
  const steps = trace.steps.map((step): TraceStep => {
    if (step.task === null || step.then === "done") return step;
    const name = step.task === main!.id ? "main" : "sleep";
    return { ...step, at: { function: name, file: source.file, line: lines[name], column: 9 } };
  });
  return { ...trace, sources: [source], steps };
}
