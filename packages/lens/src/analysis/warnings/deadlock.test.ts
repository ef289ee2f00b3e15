import { describe, expect, test } from "vitest";
import type { Warning } from "../../summary.ts";
import { summarise } from "../summarise.ts";
import { TraceBuilder } from "../testing/trace-builder.ts";

const warningsOf = (run: TraceBuilder): readonly Warning[] => summarise(run.trace()).warnings;
const deadlocksOf = (run: TraceBuilder): readonly Warning[] => warningsOf(run).filter(({ code }) => code === "TW005");

describe("tasks that wait for each other in a circle", () => {
  const twoLocks = (): TraceBuilder => {
    const run = new TraceBuilder().program({ exitCode: 13 });
    run.task("A", { waitsFor: "<Lock [locked, waiters:1]>", waitsForTasks: [2] });
    run.task("B", { waitsFor: "<Lock [locked, waiters:1]>", waitsForTasks: [1] });
    run.task("main", { waitsFor: "a gather of 2, of which 2 not done", waitsForTasks: [1, 2] });
    return run;
  };

  test("who waits for whom, and who else waits for them", () => {
    expect(deadlocksOf(twoLocks())).toMatchObject([
      {
        message:
          "A waits for <Lock [locked, waiters:1]>, which is up to B; B waits for <Lock [locked, waiters:1]>, " +
          "which is up to A; 1 more task waits for them",
        tasks: [1, 2],
      },
    ]);
  });

  test("are not listed as pending once more", () => {
    expect(warningsOf(twoLocks()).map(({ code }) => code)).toEqual(["TW005"]);
  });

  test("also in a process that still runs", () => {
    expect(deadlocksOf(twoLocks().program({ exitCode: null }))).toHaveLength(1);
  });

  test("a task that waits for itself", () => {
    const run = new TraceBuilder();
    run.task("A", { waitsFor: "<Lock [locked, waiters:1]>", waitsForTasks: [1] });
    expect(deadlocksOf(run)[0]!.message).toContain("which is up to A");
  });

  test("a circle of many is not spelled out to the end, and takes no recursion", () => {
    const run = new TraceBuilder();
    const many = 50_000;
    for (let n = 1; n <= many; n++) run.task(`T${n}`, { waitsFor: "a task", waitsForTasks: [(n % many) + 1] });
    expect(deadlocksOf(run)[0]!.message).toContain("and so on, 49994 more, back to T1");
  });
});

describe("everybody waits, and nothing is left that could wake one", () => {
  test("the program ended with its top level waiting", () => {
    const run = new TraceBuilder().program({ exitCode: 13 });
    run.task("main", { waitsFor: "the task consumer", waitsForTasks: [2] });
    run.task("consumer", { waitsFor: "<Queue maxsize=0 getters=1>" });
    expect(warningsOf(run)).toMatchObject([
      {
        code: "TW005",
        message:
          "every task waits, and nothing is left that could wake one: main waits for the task consumer; " +
          "consumer waits for <Queue maxsize=0 getters=1>",
      },
    ]);
  });

  test("a signal ended it when there was nothing besides its tasks", () => {
    const run = new TraceBuilder().program({ exitCode: null, nothingElse: true });
    run.task("main", { outcome: "cancelled", done: 1, waitsFor: "a gather of 1, of which 1 not done" });
    run.task("consumer", { outcome: "cancelled", done: 1, waitsFor: "<Queue maxsize=0 getters=1>" });
    run.task("closer", { made: 1, outcome: "result", done: 1 });
    expect(deadlocksOf(run)).toMatchObject([{ tasks: [1, 2] }]);
    run.task("ticker", { outcome: "cancelled", done: 1, waitsFor: "a sleep until 30 s" });
    expect(deadlocksOf(run)).toEqual([]);
  });

  test.each([
    ["one still sleeps", { waitsFor: "a sleep until 30 s" }, 13],
    ["one waits for something outside", { waitsFor: "a promise that is not Turnwise's" }, 13],
    ["the program called process.exit", { waitsFor: "<Queue maxsize=0 getters=1>" }, 0],
    ["it still runs", { waitsFor: "<Queue maxsize=0 getters=1>" }, null],
  ])("not if %s", (_, change, exitCode) => {
    const run = new TraceBuilder().program({ exitCode });
    run.task("consumer", { waitsFor: "<Queue maxsize=0 getters=1>" });
    run.task("other", change);
    expect(deadlocksOf(run)).toEqual([]);
  });
});

test("not for tasks that wait for others in a line", () => {
  const run = new TraceBuilder();
  run.task("a", { waitsFor: "the task b", waitsForTasks: [2, 3] });
  run.task("b", { waitsFor: "the task c", waitsForTasks: [3] });
  run.task("c", { waitsFor: "a sleep until 3 s" });
  expect(deadlocksOf(run)).toEqual([]);
});
