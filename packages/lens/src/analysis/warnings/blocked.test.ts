import { describe, expect, test } from "vitest";
import type { Warning } from "../../summary.ts";
import { summarise } from "../summarise.ts";
import { LINE, notesProgram, TraceBuilder } from "../testing/trace-builder.ts";
import { remedyFor } from "./remedies.ts";

const warningsOf = (run: TraceBuilder): readonly Warning[] =>
  summarise(run.trace()).warnings.filter(({ code }) => code === "TW001");

test("one warning for each line, with its figures, who waited, and the place", () => {
  const [warning, ...others] = summarise(notesProgram()).warnings.filter(({ code }) => code === "TW001");
  expect(others).toEqual([]);
  expect(warning).toEqual({
    code: "TW001",
    title: "the loop was blocked",
    message:
      "sleep (examples/blocking.ts:6:11) blocked the loop for 5.00 s, 5 times, 1.00 s at the longest, in Atomics.wait, " +
      "as the tasks A and B; a step was ready meanwhile, and waited 2.00 s",
    remedy: "`await asyncio.sleep(...)` to let time pass; `Atomics.waitAsync` to wait for another thread",
    at: LINE,
    tasks: [2, 3],
  });
});

test("says so where the place is not known", () => {
  const run = new TraceBuilder().blocks(null, 0, 0.5, { blame: null, called: null });
  expect(warningsOf(run)[0]!.message).toBe("code whose place is not known blocked the loop for 0.50 s");
});

describe("a step that several lines took", () => {
  const blocking = (...seconds: number[]): readonly Warning[] => {
    const run = new TraceBuilder();
    const step = run.step(run.task("busy"), 0, 1, { then: "done" });
    let at = 0;
    for (const [index, each] of seconds.entries()) {
      run.blocks(step, at, at + each, { blame: { ...LINE, line: index + 1 } });
      at += each;
    }
    return warningsOf(run);
  };

  test("those that took little are not to blame, if one alone took too long", () => {
    expect(blocking(0.06, 0.8, 0.07).map(({ at }) => at!.line)).toEqual([2]);
  });

  test("all are, if none did", () => {
    expect(blocking(0.06, 0.07).map(({ at }) => at!.line)).toEqual([2, 1]);
  });

  test("one line is one line, whether it seemed to compute or to wait", () => {
    const run = new TraceBuilder();
    const step = run.step(run.task("busy"), 0, 1, { then: "done" });
    run.computes(step, 0, 0.8, { called: "sort" }).blocks(step, 0.9, 1, { called: "sort" });
    expect(warningsOf(run)).toMatchObject([{ message: expect.stringContaining("0.90 s, twice") as unknown }]);
    expect(summarise(run.trace()).blocked.lines).toMatchObject([{ kind: "cpu" }]);
  });
});

test("none without blocked stretches", () => {
  const run = new TraceBuilder();
  run.step(run.task("busy"), 0, 0.09, { then: "done" });
  expect(warningsOf(run)).toEqual([]);
});

describe("the remedy depends on what was called", () => {
  test.each([
    ["execSync", "waiting", "`exec` of node:child_process"],
    ["spawnSync", "waiting", "`spawn` of node:child_process"],
    ["readFileSync", "waiting", "`readFile` of node:fs/promises"],
    ["fs.readFileSync", "cpu", "`readFile` of node:fs/promises"],
    ["pbkdf2Sync", "cpu", "`pbkdf2` of node:crypto"],
    ["gzipSync", "cpu", "`gzip` of node:zlib"],
    ["Atomics.wait", "waiting", "asyncio.sleep"],
    ["JSON.parse", "cpu", "smaller pieces"],
    ["RegExp.prototype.exec", "cpu", "regular expression"],
    ["String.prototype.replace", "cpu", "regular expression"],
    ["merge (lodash)", "cpu", "give `merge` of lodash less at a time"],
    ["query (slow-db)", "waiting", "use a form of `query` in slow-db that gives a promise"],
    [null, "cpu", "await asyncio.sleep(0)"],
    ["Array.prototype.sort", "cpu", "worker thread"],
    ["Array.sort", "waiting", "smaller parts"],
  ] as const)("%s, %s: %s", (called, kind, words) => {
    expect(remedyFor({ called, kind, blame: null })).toContain(words);
  });
});
