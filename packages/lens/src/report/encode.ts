/** From a trace and its summary to what a report carries. */
import type { Summary } from "../summary.ts";
import type { Frame, Trace } from "../trace.ts";
import {
  CAUSES,
  ENDS,
  type BlockedColumns,
  type PartColumns,
  type PathColumns,
  type ReportData,
  type StepColumns,
  type TaskColumns,
} from "./report-data.ts";
import { sentence } from "../analysis/sentence.ts";
import { readyAt } from "../analysis/steps.ts";

/** What the page reads. */
export function encode(trace: Trace, summary: Summary): ReportData {
  const tables = new Tables(trace);
  const { steps, ...prediction } = summary.prediction;
  // Before the tables are read, everything that fills them has to be there.
  const columns = {
    tasks: taskColumns(trace, tables),
    steps: stepColumns(trace, tables),
    blocked: blockedColumns(trace, tables),
    parts: partColumns(steps),
    path: pathColumns(summary, tables),
  };
  return {
    sentence: sentence(summary),
    program: trace.program,
    duration: trace.duration,
    dropped: trace.dropped,
    counts: summary.counts,
    errors: trace.errors,
    warnings: summary.warnings,
    hints: summary.hints,
    blockedLines: summary.blocked.lines,
    prediction,
    criticalSeconds: summary.criticalPath.seconds,
    strings: tables.strings,
    frames: tables.frames,
    ...columns,
  };
}

/** Texts, places and tasks by number. */
class Tables {
  readonly strings: string[] = [""];
  readonly frames: Frame[] = [];
  readonly #strings = new Map<string, number>([["", 0]]);
  readonly #frames = new Map<string, number>();
  readonly #tasks: ReadonlyMap<number, number>;

  constructor(trace: Trace) {
    this.#tasks = new Map(trace.tasks.map((task, index) => [task.id, index]));
  }

  string(text: string | null): number {
    return numberOf(text ?? "", text ?? "", this.#strings, this.strings);
  }

  frame(frame: Frame | null): number {
    if (frame === null) return -1;
    const key = `${frame.file}\n${frame.line}:${frame.column}\n${frame.function}`;
    return numberOf(key, frame, this.#frames, this.frames);
  }

  task(id: number | null): number {
    return id === null ? -1 : (this.#tasks.get(id) ?? -1);
  }
}

function numberOf<T>(key: string, value: T, numbers: Map<string, number>, table: T[]): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = table.push(value) - 1;
    numbers.set(key, number);
  }
  return number;
}

function nanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function lengthOf({ begin, end }: { begin: number; end: number }): number {
  return nanoseconds(end) - nanoseconds(begin);
}

function taskColumns({ tasks }: Trace, tables: Tables): TaskColumns {
  return {
    id: tasks.map((task) => task.id),
    name: tasks.map((task) => tables.string(task.name)),
    coro: tasks.map((task) => tables.string(task.coro)),
    parent: tasks.map((task) => tables.task(task.parent)),
    made: tasks.map((task) => nanoseconds(task.made)),
    madeAt: tasks.map((task) => tables.frame(task.madeAt)),
    done: tasks.map((task) => (task.done === null ? -1 : nanoseconds(task.done))),
    outcome: tasks.map((task) => task.outcome),
    error: tasks.map((task) => tables.string(task.error)),
    waitsFor: tasks.map((task) => tables.string(task.waitsFor)),
  };
}

function stepColumns({ steps }: Trace, tables: Tables): StepColumns {
  return {
    task: steps.map((step) => tables.task(step.task)),
    callback: steps.map((step) => tables.string(step.callback)),
    gap: steps.map((step, index) => nanoseconds(step.begin) - nanoseconds(steps[index - 1]?.end ?? 0)),
    length: steps.map(lengthOf),
    queued: steps.map((step) => nanoseconds(step.begin) - nanoseconds(readyAt(step))),
    cause: steps.map((step) => CAUSES.indexOf(step.cause)),
    by: steps.map((step, index) => (step.by < 0 ? 0 : index - step.by)),
    late: steps.map((step) => (step.cause === "timer" ? nanoseconds(step.ready - step.timerWhen) : 0)),
    delay: steps.map((step) => (step.cause === "timer" ? nanoseconds(step.timerWhen - step.timerSet) : 0)),
    then: steps.map((step) => ENDS.indexOf(step.then)),
    on: steps.map((step) => tables.string(step.on)),
  };
}

function blockedColumns({ blocked }: Trace, tables: Tables): BlockedColumns {
  return {
    begin: blocked.map((stretch) => nanoseconds(stretch.begin)),
    length: blocked.map(lengthOf),
    kind: blocked.map((stretch) => stretch.kind),
    step: blocked.map((stretch) => stretch.step ?? -1),
    task: blocked.map((stretch) => tables.task(stretch.task)),
    blame: blocked.map((stretch) => tables.frame(stretch.blame)),
    called: blocked.map((stretch) => tables.string(stretch.called)),
    stack: blocked.map((stretch) => stretch.stack.map((frame) => tables.frame(frame))),
  };
}

function partColumns(steps: Summary["prediction"]["steps"]): PartColumns {
  const parts = steps.toSorted((a, b) => a.begin - b.begin);
  return {
    step: parts.map((part, index) => part.step - (parts[index - 1]?.step ?? 0)),
    gap: parts.map((part, index) => nanoseconds(part.begin) - nanoseconds(parts[index - 1]?.begin ?? 0)),
    length: parts.map(lengthOf),
    away: parts.map((part) => (part.where === "away" ? 1 : 0)),
  };
}

function pathColumns({ criticalPath: { segments } }: Summary, tables: Tables): PathColumns {
  return {
    kind: segments.map((segment) => segment.kind),
    begin: segments.map((segment) => nanoseconds(segment.begin)),
    length: segments.map(lengthOf),
    task: segments.map((segment) => tables.task(segment.task)),
    step: segments.map((segment) => segment.step ?? -1),
    on: segments.map((segment) => tables.string(segment.on)),
  };
}
