/** The tasks of a trace as nestable asynchronous slices: each from its start to its end, with its waits inside. */
import type { Trace, TraceStep, TraceTask } from "../trace.ts";
import { microseconds, nanoseconds, type AsyncEvent, type PerfettoEvent } from "./perfetto-event.ts";

/** Slices of tasks overlap freely: each task has a track of its own, by its id. */
export function* taskEvents(trace: Trace, thread: number): Generator<PerfettoEvent> {
  const { pid } = trace.program;
  const traceEnd = Math.max(0, nanoseconds(trace.duration));
  const stepsOf = new Map<number, TraceStep[]>(trace.tasks.map((task) => [task.id, []]));
  for (const step of trace.steps) if (step.task !== null) stepsOf.get(step.task)?.push(step);

  for (const task of trace.tasks) {
    const steps = stepsOf.get(task.id)!;
    const from = Math.max(0, Math.min(nanoseconds(task.made), nanoseconds(steps[0]?.ready ?? Infinity)));
    const lastRan = nanoseconds(steps.at(-1)?.end ?? 0);
    const to = Math.max(from, lastRan, task.done === null ? traceEnd : nanoseconds(task.done));
    const common = { cat: "task", id: `${task.id}`, pid, tid: thread } as const;
    const edge = (ph: "b" | "e", name: string, at: number): AsyncEvent => ({
      ph,
      ...common,
      name,
      ts: microseconds(at),
    });

    yield { ...edge("b", task.name, from), args: taskArgs(task) };
    for (const part of taskParts(task, steps, from, to)) {
      yield edge("b", part.name, part.begin);
      yield edge("e", part.name, part.end);
    }
    yield edge("e", task.name, to);
  }
}

/** A stretch in which a task did not run. */
interface Part {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** What a task waits for, and when it is ready but others have the thread: between its steps, one after another. */
function* taskParts(task: TraceTask, steps: readonly TraceStep[], from: number, to: number): Generator<Part> {
  let at = from;
  let waitsFor = "its start";
  const until = (name: string, end: number): Part[] => (end > at ? [{ name, begin: at, end }] : []);
  for (const step of steps) {
    const ready = Math.min(nanoseconds(step.ready), nanoseconds(step.begin));
    yield* until(`waits for ${waitsFor}`, ready);
    at = Math.max(at, ready);
    yield* until("ready, waits for its turn", nanoseconds(step.begin));
    at = Math.max(at, nanoseconds(step.end));
    waitsFor = step.on || (step.then === "foreign" ? "a promise that is not Turnwise's" : "its turn");
  }
  // After the last step of a task that is done nothing is waited for.
  if (task.done === null) yield* until(`waits for ${task.waitsFor ?? waitsFor}`, to);
}

function taskArgs(task: TraceTask): Record<string, unknown> {
  const { madeAt } = task;
  return {
    coro: task.coro,
    parent: task.parent,
    outcome: task.outcome,
    ...(madeAt === null ? {} : { made_at: `${madeAt.file}:${madeAt.line}:${madeAt.column}` }),
    ...(task.error === null ? {} : { error: task.error }),
    ...(task.waitsFor === null ? {} : { waits_for: task.waitsFor }),
  };
}
