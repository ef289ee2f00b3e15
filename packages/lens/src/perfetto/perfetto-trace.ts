/**
 * A trace as Chrome/Perfetto JSON, for ui.perfetto.dev and `chrome://tracing`: what the loop's thread ran. The tasks'
 * own tracks are in `perfetto-tasks.ts`.
 */
import type { BlockedStretch, Frame, Trace, TraceStep } from "../trace.ts";
import { microseconds, nanoseconds, type CompleteEvent, type PerfettoEvent } from "./perfetto-event.ts";
import { taskEvents } from "./perfetto-tasks.ts";

/** A trace in Perfetto's JSON format. */
export interface PerfettoTrace {
  readonly traceEvents: readonly PerfettoEvent[];
  readonly displayTimeUnit: "ms";
  readonly otherData: Readonly<Record<string, string>>;
}

/** The thread that runs the loop's steps. They never overlap, so they are complete events. */
export const LOOP_THREAD = 1;
/** Where what blocked the thread outside the loop's steps is shown. */
export const OUTSIDE_THREAD = 2;

/** The whole trace as one object. For a long trace `writePerfetto` needs far less memory. */
export function perfettoTrace(trace: Trace): PerfettoTrace {
  return { traceEvents: [...perfettoEvents(trace)], displayTimeUnit: "ms", otherData: otherData(trace) };
}

/**
 * Writes the trace as JSON, in pieces of about 64 KB: as one string it may be longer than strings can be. Under
 * `turnwise`, which viewers of such files pass over, it has the trace itself, for `turnwise studio`.
 */
export function writePerfetto(trace: Trace, write: (piece: string) => void): void {
  const pieces = new Pieces(write);
  pieces.add(`{"displayTimeUnit":"ms","otherData":${JSON.stringify(otherData(trace))},"traceEvents":[`);
  pieces.addItems(perfettoEvents(trace));
  pieces.add(`],"turnwise":{`);
  let separator = "";
  for (const [key, value] of Object.entries(trace) as [string, unknown][]) {
    pieces.add(`${separator}${JSON.stringify(key)}:`);
    separator = ",";
    if (!Array.isArray(value)) pieces.add(JSON.stringify(value));
    else {
      pieces.add("[");
      pieces.addItems(value as unknown[]);
      pieces.add("]");
    }
  }
  pieces.add("}}\n");
  pieces.end();
}

/** Text that is written when there is enough of it. */
class Pieces {
  readonly #write: (piece: string) => void;
  #piece = "";

  constructor(write: (piece: string) => void) {
    this.#write = write;
  }

  add(text: string): void {
    this.#piece += text;
    if (this.#piece.length >= 65_536) this.end();
  }

  /** A line for each. */
  addItems(items: Iterable<unknown>): void {
    let separator = "\n";
    for (const item of items) {
      this.add(separator + JSON.stringify(item));
      separator = ",\n";
    }
    this.add("\n");
  }

  end(): void {
    this.#write(this.#piece);
    this.#piece = "";
  }
}

/** The events, those of one track in the order in which they happened. */
export function* perfettoEvents(trace: Trace): Generator<PerfettoEvent> {
  yield* metadata(trace);
  yield* loopEvents(trace);
  yield* taskEvents(trace, LOOP_THREAD);
  yield* readyCounts(trace);
  for (const error of trace.errors) {
    const ts = microseconds(nanoseconds(error.at));
    const args = { error: error.error, task: error.task };
    yield { ph: "i", s: "p", cat: "error", name: error.message, pid: trace.program.pid, tid: LOOP_THREAD, ts, args };
  }
}

function* metadata({ program }: Trace): Generator<PerfettoEvent> {
  const about = { ph: "M", pid: program.pid, ts: 0 } as const;
  const thread = (tid: number, name: string): PerfettoEvent[] => [
    { ...about, tid, name: "thread_name", args: { name } },
    { ...about, tid, name: "thread_sort_index", args: { sort_index: tid } },
  ];
  yield { ...about, tid: LOOP_THREAD, name: "process_name", args: { name: program.file ?? "turnwise" } };
  yield* thread(LOOP_THREAD, "loop");
  yield* thread(OUTSIDE_THREAD, "outside the loop's steps");
}

/** The steps, what was blocked in them, and the arrows from the step that woke to the one that was woken. */
function* loopEvents(trace: Trace): Generator<PerfettoEvent> {
  const { pid } = trace.program;
  const { steps } = trace;
  const names = new Map(trace.tasks.map((task) => [task.id, task.name]));
  const woken = wokenBy(steps);
  const { inside, outside } = blockedBySteps(trace);

  for (const stretch of outside) yield blockedEvent(stretch, pid, OUTSIDE_THREAD, span(stretch));
  for (const [index, step] of steps.entries()) {
    const { begin, end } = span(step);
    yield {
      ph: "X",
      cat: "step",
      name: step.task === null ? step.callback || "callback" : (names.get(step.task) ?? `task ${step.task}`),
      pid,
      tid: LOOP_THREAD,
      ts: microseconds(begin),
      dur: microseconds(end - begin),
      args: stepArgs(step),
    };
    // Perfetto binds an arrow to the slice that is open where it stands, so an arrow stands within its step and, at
    // the same time, after it.
    const flow = { cat: "wake", name: "wakes", pid, tid: LOOP_THREAD } as const;
    if (woken.isWoken(index)) yield { ph: "f", bp: "e", ...flow, id: `${index}`, ts: microseconds(begin) };
    const within: PerfettoEvent[] = [];
    for (const stretch of inside.get(index) ?? []) {
      within.push(blockedEvent(stretch, pid, LOOP_THREAD, span(stretch, begin, end)));
    }
    for (let other = woken.first(index); other >= 0; other = woken.next(other)) {
      const at = clamp(nanoseconds(steps[other]!.ready), begin, Math.max(begin, end - 1));
      within.push({ ph: "s", ...flow, id: `${other}`, ts: microseconds(at) });
    }
    yield* within.sort((a, b) => a.ts - b.ts);
  }
}

function stepArgs(step: TraceStep): Record<string, unknown> {
  const args: Record<string, unknown> = { cause: step.cause, then: step.then };
  if (step.task !== null) args["task"] = step.task;
  if (step.begin > step.ready) args["ready_us"] = microseconds(nanoseconds(step.begin) - nanoseconds(step.ready));
  if (step.cause === "timer") args["late_us"] = microseconds(nanoseconds(step.ready) - nanoseconds(step.timerWhen));
  if (step.on !== "") args["waits_for"] = step.on;
  return args;
}

function blockedEvent(stretch: BlockedStretch, pid: number, tid: number, { begin, end }: Span): CompleteEvent {
  return {
    ph: "X",
    cat: "blocked",
    name: `blocked: ${stretch.called ?? (stretch.blame === null ? "unknown" : functionName(stretch.blame))}`,
    pid,
    tid,
    ts: microseconds(begin),
    dur: microseconds(end - begin),
    args: {
      kind: stretch.kind,
      blame: stretch.blame === null ? "unknown" : place(stretch.blame),
      called: stretch.called,
      task: stretch.task,
      stack: stretch.stack.map(place),
    },
  };
}

/** How many steps were ready and waited for their turn. */
function* readyCounts(trace: Trace): Generator<PerfettoEvent> {
  const became = Float64Array.from(trace.steps, (step) => nanoseconds(step.ready)).sort();
  const began = Float64Array.from(trace.steps, (step) => nanoseconds(step.begin)).sort();
  let [more, fewer] = [0, 0];
  let shown = -1;
  while (fewer < began.length) {
    const at = Math.min(became[more] ?? Infinity, began[fewer]!);
    while (became[more] === at) more++;
    while (began[fewer] === at) fewer++;
    const ready = more - fewer;
    if (ready === shown) continue;
    shown = ready;
    const ts = microseconds(at);
    yield { ph: "C", name: "ready steps", pid: trace.program.pid, tid: LOOP_THREAD, ts, args: { ready } };
  }
}

function otherData({ program, dropped }: Trace): Record<string, string> {
  const data: Record<string, string> = {
    recordedBy: "turnwise",
    program: [program.file ?? "", ...program.args].join(" "),
    node: program.node,
    startedAt: new Date(program.startedAt).toISOString(),
    clock: program.virtual ? "virtual" : "real",
  };
  if (dropped.steps > 0) {
    data["dropped"] = `${dropped.steps} older steps are missing: complete from ${dropped.completeFrom.toFixed(3)} s on`;
  }
  return data;
}

/** From whom to whom arrows lead: for each step a list of those that it made ready, in three flat arrays. */
interface Woken {
  isWoken(step: number): boolean;
  first(by: number): number;
  next(step: number): number;
}

function wokenBy(steps: readonly TraceStep[]): Woken {
  const first = new Int32Array(steps.length).fill(-1);
  const next = new Int32Array(steps.length).fill(-1);
  const isWoken = (index: number): boolean => {
    const step = steps[index]!;
    // A timer's arrow would say that the step which set it made it fire.
    return (step.cause === "made" || step.cause === "woken") && step.by >= 0 && step.by < index;
  };
  for (let index = steps.length - 1; index >= 0; index--) {
    if (!isWoken(index)) continue;
    const { by } = steps[index]!;
    next[index] = first[by]!;
    first[by] = index;
  }
  return { isWoken, first: (by) => first[by]!, next: (step) => next[step]! };
}

/** A stretch is shown within its step, unless it is not there. */
function blockedBySteps(trace: Trace): { inside: Map<number, BlockedStretch[]>; outside: BlockedStretch[] } {
  const inside = new Map<number, BlockedStretch[]>();
  const outside: BlockedStretch[] = [];
  for (const stretch of trace.blocked) {
    const step = stretch.step === null ? undefined : trace.steps[stretch.step];
    if (stretch.step === null || step === undefined || stretch.begin >= step.end || stretch.end <= step.begin) {
      outside.push(stretch);
      continue;
    }
    const others = inside.get(stretch.step);
    if (others === undefined) inside.set(stretch.step, [stretch]);
    else others.push(stretch);
  }
  return { inside, outside };
}

/** From when to when, in whole nanoseconds. */
interface Span {
  readonly begin: number;
  readonly end: number;
}

function span(of: { begin: number; end: number }, from = 0, to = Infinity): Span {
  const begin = clamp(nanoseconds(of.begin), from, to);
  return { begin, end: clamp(nanoseconds(of.end), begin, to) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function functionName(frame: Frame): string {
  return frame.function || "the top level";
}

function place(frame: Frame): string {
  return `${functionName(frame)} (${frame.file}:${frame.line}:${frame.column})`;
}
