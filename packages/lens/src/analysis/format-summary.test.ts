import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { Trace } from "../trace.ts";
import { formatSummary } from "./format-summary.ts";
import { summarise } from "./summarise.ts";
import { simulate } from "./testing/machine.ts";
import { compute, join, outside, spawn, turn } from "./testing/programs.ts";
import { LINE, notesProgram, TraceBuilder } from "./testing/trace-builder.ts";

const linesOf = (trace: Trace, cwd?: string): string[] =>
  formatSummary(summarise(trace), { colour: false, ...(cwd !== undefined && { cwd }) }).split("\n");

test("the notes' second program: what it took, who blocked it, what it would have taken", () => {
  const lines = linesOf(notesProgram());
  expect(lines.slice(0, 5)).toEqual([
    "5.00 s taken, blocked for 5.00 s; 3.00 s if it yielded",
    "  5.00 s at sleep (examples/blocking.ts:6:11), 5 times, in Atomics.wait; a step was ready meanwhile, and waited 2.00 s",
    "critical path 3.00 s: B (3.00 s blocked)",
    "warning TW001: the loop was blocked: at sleep (examples/blocking.ts:6:11)",
    "  remedy: `await asyncio.sleep(...)` to let time pass; `Atomics.waitAsync` to wait for another thread",
  ]);
});

test("paths are relative to the folder that is asked for", () => {
  expect(linesOf(notesProgram(), "/home").join("\n")).toContain("sleep (me/examples/blocking.ts:6:11)");
});

test("a run that was never blocked takes two lines", () => {
  expect(linesOf(simulate([turn, outside(2)]))).toEqual([
    "2.00 s taken, never blocked; 1 task, 3 steps",
    "critical path 2.00 s: main (2.00 s waiting)",
  ]);
});

test("says what would be done in a worker", () => {
  const [headline] = linesOf(simulate([spawn(compute(1)), spawn(compute(1)), join]));
  expect(headline).toBe("2.00 s taken, blocked for 2.00 s; 1.00 s if it yielded (2.00 s of it in a worker)");
});

test("a program without tasks has no other time", () => {
  expect(linesOf(new TraceBuilder().blocks(null, 0, 1).trace(1.5))[0]).toBe("1.50 s taken, blocked for 1.00 s");
});

describe("what the recorder dropped", () => {
  test("is said in the second line", () => {
    const trace = { ...notesProgram(), dropped: { steps: 1200, tasks: 1, passages: 0, completeFrom: 1 } };
    expect(linesOf(trace)[1]).toBe(
      "  the recorder kept the last 4.00 s; 1,200 steps and 1 task before were dropped: what follows is about what was kept",
    );
  });

  test("is no time in which nothing blocked", () => {
    const trace = { ...simulate([outside(5)]), dropped: { steps: 3, tasks: 0, passages: 0, completeFrom: 2 } };
    expect(linesOf(trace)[0]).toContain("not blocked in the last 3.00 s");
  });
});

test("fits on a screen, however much there is to say", () => {
  const run = new TraceBuilder();
  for (let n = 0; n < 100; n++) {
    const task = run.task(`t${n}`, { coro: `f${n}` });
    const step = run.step(task, n, n + 0.5, { then: "done", ready: 0 });
    run.blocks(step, n, n + 0.5, { blame: { ...LINE, line: n + 1 } });
    run.error("Task exception was never retrieved", `Error: ${n}`, task);
  }
  const lines = linesOf(run.trace());
  expect(lines.length).toBeLessThan(35);
  expect(lines).toContain("  and 95 more lines");
});

test("colour is only added where it is asked for", () => {
  const summary = summarise(notesProgram());
  const plain = formatSummary(summary, { colour: false });
  const coloured = formatSummary(summary, { colour: true });
  expect(stripVTControlCharacters(plain)).toBe(plain);
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});

test("a summary that was read from a file looks the same", () => {
  const summary = summarise(notesProgram());
  const read = JSON.parse(JSON.stringify(summary)) as typeof summary;
  expect(formatSummary(read, { colour: false })).toBe(formatSummary(summary, { colour: false }));
});
