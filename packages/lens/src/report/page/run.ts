/** `Run`: what a report carries, unpacked into flat arrays. Times are in seconds. */
import type { Frame } from "../../trace.ts";
import { CAUSES, ENDS, type ReportData } from "../report-data.ts";

export interface Run {
  readonly data: ReportData;
  /** The longer of what it took and what it would have taken: how far the time axis goes. */
  readonly extent: number;
  readonly tasks: readonly RunTask[];
  readonly steps: RunSteps;
  readonly blocked: readonly RunBlocked[];
  readonly parts: RunParts;
  readonly path: readonly RunSegment[];
}

export interface RunTask {
  readonly id: number;
  readonly name: string;
  readonly coro: string;
  /** An index; -1 for none. */
  readonly parent: number;
  readonly made: number;
  readonly madeAt: Frame | null;
  readonly done: number | null;
  readonly outcome: string;
  readonly error: string;
  readonly waitsFor: string;
}

export interface RunSteps {
  readonly count: number;
  readonly begin: Float64Array;
  readonly end: Float64Array;
  readonly ready: Float64Array;
  /** An index into the tasks; -1 for a callback. */
  readonly task: Int32Array;
  /** The step that made it ready; -1 for none. */
  readonly by: Int32Array;
  callback(step: number): string;
  cause(step: number): (typeof CAUSES)[number];
  then(step: number): (typeof ENDS)[number];
  on(step: number): string;
  /** For a timer: how long before it was due it was set, and how long after it the step was ready. */
  timer(step: number): { readonly delay: number; readonly late: number };
}

export interface RunBlocked {
  readonly index: number;
  readonly begin: number;
  readonly end: number;
  readonly kind: "cpu" | "waiting";
  readonly step: number;
  readonly task: number;
  readonly blame: Frame | null;
  readonly called: string;
  readonly stack: readonly Frame[];
}

/** What the what-if runs, in order. */
export interface RunParts {
  readonly count: number;
  readonly step: Int32Array;
  readonly begin: Float64Array;
  readonly end: Float64Array;
  readonly away: Uint8Array;
}

export interface RunSegment {
  readonly kind: "run" | "blocked" | "wait" | "queued";
  readonly begin: number;
  readonly end: number;
  readonly task: number;
  readonly step: number;
  readonly on: string;
}

export function readRun(data: ReportData): Run {
  return {
    data,
    extent: Math.max(data.duration, data.prediction.seconds, 1e-6),
    tasks: readTasks(data),
    steps: readSteps(data),
    blocked: readBlocked(data),
    parts: readParts(data),
    path: data.path.kind.map((kind, index) => ({
      kind,
      ...times(data.path.begin[index]!, data.path.length[index]!),
      task: data.path.task[index]!,
      step: data.path.step[index]!,
      on: data.strings[data.path.on[index]!]!,
    })),
  };
}

const NANO = 1e-9;

function times(begin: number, length: number): { begin: number; end: number } {
  return { begin: begin * NANO, end: (begin + length) * NANO };
}

function readTasks({ tasks, strings, frames }: ReportData): RunTask[] {
  return tasks.id.map((id, index) => ({
    id,
    name: strings[tasks.name[index]!]!,
    coro: strings[tasks.coro[index]!]!,
    parent: tasks.parent[index]!,
    made: tasks.made[index]! * NANO,
    madeAt: frames[tasks.madeAt[index]!] ?? null,
    done: tasks.done[index]! < 0 ? null : tasks.done[index]! * NANO,
    outcome: tasks.outcome[index]!,
    error: strings[tasks.error[index]!]!,
    waitsFor: strings[tasks.waitsFor[index]!]!,
  }));
}

function readSteps({ steps, strings }: ReportData): RunSteps {
  const count = steps.length.length;
  const [begin, end, ready] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let now = 0;
  for (let step = 0; step < count; step++) {
    now += steps.gap[step]!;
    begin[step] = now * NANO;
    ready[step] = (now - steps.queued[step]!) * NANO;
    now += steps.length[step]!;
    end[step] = now * NANO;
  }
  return {
    count,
    begin,
    end,
    ready,
    task: Int32Array.from(steps.task),
    by: Int32Array.from(steps.by, (before, step) => (before === 0 ? -1 : step - before)),
    callback: (step) => strings[steps.callback[step]!]!,
    cause: (step) => CAUSES[steps.cause[step]!]!,
    then: (step) => ENDS[steps.then[step]!]!,
    on: (step) => strings[steps.on[step]!]!,
    timer: (step) => ({ delay: steps.delay[step]! * NANO, late: steps.late[step]! * NANO }),
  };
}

function readBlocked({ blocked, frames, strings }: ReportData): RunBlocked[] {
  return blocked.kind.map((kind, index) => ({
    index,
    ...times(blocked.begin[index]!, blocked.length[index]!),
    kind,
    step: blocked.step[index]!,
    task: blocked.task[index]!,
    blame: frames[blocked.blame[index]!] ?? null,
    called: strings[blocked.called[index]!]!,
    stack: blocked.stack[index]!.map((frame) => frames[frame]!),
  }));
}

function readParts({ parts }: ReportData): RunParts {
  const count = parts.length.length;
  const [begin, end, step] = [new Float64Array(count), new Float64Array(count), new Int32Array(count)];
  let [at, from] = [0, 0];
  for (let part = 0; part < count; part++) {
    at += parts.step[part]!;
    from += parts.gap[part]!;
    step[part] = at;
    begin[part] = from * NANO;
    end[part] = (from + parts.length[part]!) * NANO;
  }
  return { count, step, begin, end, away: Uint8Array.from(parts.away) };
}
