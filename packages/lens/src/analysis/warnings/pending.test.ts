import { expect, test } from "vitest";
import type { Warning } from "../../summary.ts";
import { summarise } from "../summarise.ts";
import { TraceBuilder } from "../testing/trace-builder.ts";

const warningsOf = (run: TraceBuilder): readonly Warning[] =>
  summarise(run.trace()).warnings.filter(({ code }) => code === "TW004");

test("tasks that the process left behind, of one kind folded", () => {
  const run = new TraceBuilder();
  for (let n = 0; n < 990; n++) {
    run.task(`Task-${n}`, { coro: "worker", waitsFor: `<Queue maxsize=0 getters=${n}>` });
  }
  const sleeper = run.task("ticker", { waitsFor: "a sleep until 12.5 s" });
  const [warning] = warningsOf(run);
  expect(warning!.message).toBe(
    "991 tasks were still pending when the process ended: worker × 990 wait for <Queue maxsize=0 getters=0>; " +
      "ticker waits for a sleep until 12.5 s",
  );
  expect(warning!.tasks).toContain(sleeper);
});

test("not while the process runs", () => {
  const run = new TraceBuilder().program({ exitCode: null });
  run.task("server", { waitsFor: "<Event [unset]>" });
  expect(warningsOf(run)).toEqual([]);
});

test("not for tasks that are done or cancelled", () => {
  const run = new TraceBuilder();
  run.task("a", { outcome: "cancelled", done: 1 });
  run.step(run.task("b"), 0, 1, { then: "done" });
  expect(warningsOf(run)).toEqual([]);
});
