/** Traces and summaries by hand, for the tests of the report and of the exporters. */
import type { Summary } from "../../summary.ts";
import type { BlockedStretch, Trace, TraceProgram, TraceStep, TraceTask } from "../../trace.ts";

export const program: TraceProgram = {
  file: "examples/blocking.ts",
  args: [],
  cwd: "/home/ada/notes",
  pid: 4242,
  node: "26.10.0",
  platform: "linux",
  cores: 2,
  startedAt: Date.UTC(2026, 10, 24, 9, 30),
  virtual: false,
  exitCode: 0,
  startup: 0,
  threshold: 0.1,
};

export function task(id: number, name: string, fields: Partial<TraceTask> = {}): TraceTask {
  return {
    id,
    name,
    coro: name,
    parent: null,
    made: 0,
    madeAt: null,
    done: null,
    outcome: fields.done === undefined ? "pending" : "result",
    error: null,
    waitsFor: null,
    waitsForTasks: [],
    ...fields,
  };
}

export function step(of: number | null, begin: number, end: number, fields: Partial<TraceStep> = {}): TraceStep {
  return {
    task: of,
    callback: of === null ? "callback" : "",
    begin,
    end,
    ready: begin,
    cause: "woken",
    by: -1,
    timerSet: 0,
    timerWhen: 0,
    then: "wait",
    on: "",
    onTask: null,
    at: null,
    ...fields,
  };
}

export function stretch(begin: number, end: number, fields: Partial<BlockedStretch> = {}): BlockedStretch {
  return {
    begin,
    end,
    kind: "waiting",
    step: null,
    task: null,
    blame: null,
    called: null,
    stack: [],
    source: null,
    ...fields,
  };
}

export function traceOf(parts: Partial<Trace> & Pick<Trace, "duration">): Trace {
  return {
    format: "turnwise-trace",
    version: 1,
    program,
    tasks: [],
    passages: [],
    steps: [],
    blocked: [],
    errors: [],
    sources: [],
    dropped: { steps: 0, tasks: 0, passages: 0, completeFrom: 0 },
    ...parts,
  };
}

/** A summary with what follows directly from the trace; the rest as it is given. By default nothing changes in the what-if. */
export function summaryOf(trace: Trace, parts: Partial<Summary> = {}): Summary {
  return {
    format: "turnwise-summary",
    version: 1,
    program: trace.program,
    duration: trace.duration,
    blocked: {
      seconds: trace.blocked.reduce((sum, { begin, end }) => sum + end - begin, 0),
      stretches: trace.blocked.length,
      lines: [],
    },
    prediction: {
      seconds: trace.duration,
      yielded: 0,
      inWorker: 0,
      steps: trace.steps.map(({ begin, end }, index) => ({ step: index, begin, end, where: "run" })),
      notes: [],
    },
    criticalPath: { seconds: trace.duration, segments: [] },
    counts: {
      tasks: trace.tasks.length,
      steps: trace.steps.filter((one) => one.task !== null).length,
      callbacks: trace.steps.filter((one) => one.task === null).length,
      peakReady: 0,
    },
    warnings: [],
    hints: [],
    dropped: trace.dropped,
    ...parts,
  };
}
