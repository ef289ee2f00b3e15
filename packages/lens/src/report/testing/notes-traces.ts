/** The notes' second and third programs, as the recorder would have seen them: blocked for five seconds, and not. */
import type { Summary } from "../../summary.ts";
import type { Frame, Trace, TraceStep } from "../../trace.ts";
import { program, step, stretch, summaryOf, task, traceOf } from "./trace-builder.ts";

const FILE = "/home/ada/notes/examples/blocking.ts";
const frame = (name: string, line: number, column: number): Frame => ({ function: name, file: FILE, line, column });

const blame = frame("sleep", 6, 11);
const source = {
  first: 3,
  lines: [
    "",
    "async function sleep(): Promise<void> {",
    "  console.log(`Time: ${elapsed()}`);",
    "  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000); // Blocks the thread for a second.",
    "}",
    "",
    "async function sum(name: string, numbers: number[]): Promise<void> {",
  ],
};

const tasks = (endA: number, endB: number, end: number) => [
  task(1, "Task-1", { coro: "main", made: 0.001, done: end }),
  task(2, "Task-2", { coro: "sum A", parent: 1, made: 0.0014, done: endA, madeAt: frame("main", 19, 25) }),
  task(3, "Task-3", { coro: "sum B", parent: 1, made: 0.0016, done: endB, madeAt: frame("main", 19, 73) }),
];

/** The second program: `sleep` blocks the thread, five times for a second. */
export function blockingRun(): { trace: Trace; summary: Summary } {
  const steps: TraceStep[] = [
    step(1, 0.0012, 0.002, { ready: 0.001, cause: "made", on: "2 tasks" }),
    step(2, 0.002, 2.004, { ready: 0.0014, cause: "made", by: 0, then: "done" }),
    step(3, 2.004, 5.011, { ready: 0.0016, cause: "made", by: 0, then: "done" }),
    step(null, 5.011, 5.0112, { callback: "wait", ready: 2.004, by: 1, then: "done" }),
    step(null, 5.0112, 5.0113, { callback: "wait", ready: 5.011, by: 2, then: "done" }),
    step(1, 5.0113, 5.0117, { ready: 5.0112, by: 4, then: "done" }),
  ];
  const asleep = (begin: number, inStep: number, of: number) =>
    stretch(begin, begin + 1, {
      step: inStep,
      task: of,
      blame,
      called: "Atomics.wait",
      stack: [blame, frame("sum", 13, 11)],
      source,
    });
  const trace = traceOf({
    duration: 5.02,
    tasks: tasks(2.004, 5.011, 5.0117),
    steps,
    blocked: [asleep(0.003, 1, 2), asleep(1.0035, 1, 2), ...[2.005, 3.007, 4.009].map((at) => asleep(at, 2, 3))],
  });
  const part = (index: number, begin: number, end: number, where: "run" | "away" = "run") => ({
    step: index,
    begin,
    end,
    where,
  });
  const summary = summaryOf(trace, {
    blocked: {
      seconds: 5,
      stretches: 5,
      lines: [
        {
          blame,
          called: "Atomics.wait",
          kind: "waiting",
          seconds: 5,
          times: 5,
          longest: 1,
          tasks: ["Task-2", "Task-3"],
          ready: { most: 1, seconds: 5.0094 },
          source,
        },
      ],
    },
    prediction: {
      seconds: 3.012,
      yielded: 5,
      inWorker: 0,
      steps: [
        part(0, 0.0012, 0.002),
        part(1, 0.002, 0.003),
        part(1, 0.003, 1.003, "away"),
        part(2, 0.003, 0.004),
        part(2, 0.004, 1.004, "away"),
        part(1, 1.003, 1.0035),
        part(1, 1.0035, 2.0035, "away"),
        part(2, 1.004, 1.006),
        part(2, 1.006, 2.006, "away"),
        part(1, 2.0035, 2.004),
        part(3, 2.004, 2.0042),
        part(2, 2.006, 2.008),
        part(2, 2.008, 3.008, "away"),
        part(2, 3.008, 3.01),
        part(4, 3.01, 3.0101),
        part(5, 3.0101, 3.0105),
      ],
      notes: [],
    },
    criticalPath: {
      seconds: 3.0105,
      segments: [
        { kind: "run", begin: 0, end: 0.002, task: 1, step: 0, name: "Task-1", on: "" },
        { kind: "queued", begin: 0.002, end: 2.004, task: 3, step: 2, name: "Task-3", on: "" },
        { kind: "run", begin: 2.004, end: 2.005, task: 3, step: 2, name: "Task-3", on: "" },
        { kind: "blocked", begin: 2.005, end: 5.009, task: 3, step: 2, name: "Task-3", on: "" },
        { kind: "run", begin: 5.009, end: 5.0112, task: 3, step: 2, name: "Task-3", on: "" },
        { kind: "run", begin: 5.0112, end: 5.02, task: 1, step: 5, name: "Task-1", on: "" },
      ],
    },
    counts: { tasks: 3, steps: 4, callbacks: 2, peakReady: 2 },
    warnings: [
      {
        code: "TW001",
        title: "the loop was blocked",
        message:
          "sleep (examples/blocking.ts:6:11) blocked the loop for 5.00 s, 5 times, in Atomics.wait; 1 task was ready meanwhile and waited 5.0 s.",
        remedy: "Use `await asyncio.sleep(1)`, which lets the other tasks run meanwhile.",
        at: blame,
        tasks: [2, 3],
      },
    ],
  });
  return { trace, summary };
}

/** The third program: `sleep` lets the others run. */
export function cooperativeRun(): { trace: Trace; summary: Summary } {
  const sleeps = (of: number, at: number, by: number, more: boolean): TraceStep =>
    step(of, at, at + 0.0004, {
      ready: at - 0.0001 * of,
      cause: "timer",
      by,
      timerSet: at - 1,
      timerWhen: at - 0.001,
      ...(more ? { on: `a sleep until ${(at + 1).toFixed(2)} s` } : { then: "done" }),
    });
  const steps: TraceStep[] = [
    step(1, 0.0012, 0.002, { ready: 0.001, cause: "made", on: "2 tasks" }),
    step(2, 0.002, 0.0025, { ready: 0.0014, cause: "made", by: 0, on: "a sleep until 1.00 s" }),
    step(3, 0.0025, 0.003, { ready: 0.0016, cause: "made", by: 0, on: "a sleep until 1.00 s" }),
    sleeps(2, 1.003, 1, true),
    sleeps(3, 1.0035, 2, true),
    sleeps(2, 2.004, 3, false),
    sleeps(3, 2.0045, 4, true),
    step(null, 2.005, 2.0051, { callback: "wait", ready: 2.0044, by: 5, then: "done" }),
    sleeps(3, 3.006, 6, false),
    step(null, 3.0064, 3.0065, { callback: "wait", by: 8, then: "done" }),
    step(1, 3.0065, 3.007, { by: 9, then: "done" }),
  ];
  const trace = traceOf({
    program: { ...program, file: "examples/cooperative.ts" },
    duration: 3.01,
    tasks: tasks(2.0044, 3.0064, 3.007),
    steps,
  });
  return { trace, summary: summaryOf(trace) };
}
