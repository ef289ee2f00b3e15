import { expect, test } from "vitest";
import type { Warning } from "../../summary.ts";
import { summarise } from "../summarise.ts";
import { LINE, TraceBuilder } from "../testing/trace-builder.ts";

const warningsOf = (run: TraceBuilder): readonly Warning[] =>
  summarise(run.trace()).warnings.filter(({ code }) => code === "TW003");

test("a task that failed and that nobody awaited, with where it was made", () => {
  const run = new TraceBuilder();
  const task = run.task("upload", { outcome: "error", error: "Error: disk full", done: 1, madeAt: LINE });
  run.error("Task exception was never retrieved", "Error: disk full", task);
  expect(warningsOf(run)).toMatchObject([
    {
      message:
        "the task upload, made at sleep (examples/blocking.ts:6:11) and awaited by nobody, failed with Error: disk full",
      at: LINE,
      tasks: [task],
    },
  ]);
});

test("the same error of many tasks is one warning", () => {
  const run = new TraceBuilder();
  for (let n = 0; n < 5; n++) {
    run.error("Task exception was never retrieved", "Error: no", run.task(`t${n}`, { outcome: "error", done: 1 }));
  }
  expect(warningsOf(run).map(({ message }) => message)).toEqual([
    "5 times, tasks t0, t1, t2 and 2 more that nobody awaited failed with Error: no",
  ]);
});

test("a floating async function, with the task that called it", () => {
  const run = new TraceBuilder();
  const task = run.task("main", { outcome: "result", done: 1 });
  run.error("a floating async function failed: called in <Task ...>, awaited by nobody", "Error: lost", task);
  expect(warningsOf(run)[0]!.message).toBe(
    "an async function that nobody awaits, called in main, failed with Error: lost",
  );
});

test("not for a task whose error was seen", () => {
  const run = new TraceBuilder();
  run.task("upload", { outcome: "error", error: "Error: disk full", done: 1 });
  expect(warningsOf(run)).toEqual([]);
});

test("not for what else the exception handler was told", () => {
  expect(warningsOf(new TraceBuilder().error("Exception in callback", "Error: oops"))).toEqual([]);
});
