import { describe, expect, test } from "vitest";
import { blockingRun, cooperativeRun } from "../../../../lens/src/report/testing/notes-traces.ts";
import { step, stretch, task, traceOf } from "../../../../lens/src/report/testing/trace-builder.ts";
import type { Trace } from "../../../../lens/src/trace.ts";
import { recorded } from "../recorded.ts";
import { inOneSentence, inWords, type MomentInWords } from "./words.ts";

function wordsAt(trace: Trace, time: number): MomentInWords {
  const result = recorded(trace);
  return inWords(result.moments.at(time), result);
}

describe("a moment in words", () => {
  test("says who blocks, where, and who waits for it", () => {
    const words = wordsAt(blockingRun().trace, 1);
    expect(words.baton).toEqual({
      who: "Task-2 sum A",
      what: "blocks the thread in Atomics.wait: 1.00 s of 1.00 s",
      step: 1,
    });
    expect(words.ready.entries).toEqual([{ who: "Task-3 sum B", what: "1.00 s so far", step: 2 }]);
    expect(words.waiting.entries).toEqual([{ who: "Task-1 main", what: "for 2 tasks, 1.00 s so far", step: 0 }]);
  });

  test("says which timers are set, and which are due while the loop has not seen it", () => {
    const { trace } = cooperativeRun();
    expect(wordsAt(trace, 0.5).timers.entries[0]).toEqual({
      who: "Task-2 sum A",
      what: "in 0.50 s (set for 1.00 s)",
      step: 3,
    });
    expect(wordsAt(trace, 1.0025).timers.entries[0]?.what).toMatch(/^due .* ago, not seen yet/);
  });

  test("says why nobody holds the baton", () => {
    const { trace } = cooperativeRun();
    const activity = (time: number): string => wordsAt(trace, time).baton.what;
    expect(activity(0)).toBe("nothing has run yet");
    expect(activity(0.5)).toBe("the loop waits");
    expect(activity(3.0075)).toBe("nothing runs any more");
    expect(activity(3.01)).toBe("the run ended at 3.01 s");
  });

  test("of a program without a loop says that it blocks all the same", () => {
    const trace = traceOf({ duration: 2, blocked: [stretch(0, 2, { called: "execSync" })] });
    expect(wordsAt(trace, 1).baton).toEqual({
      who: "Code outside every task",
      what: "blocks the thread in execSync: 1.00 s of 2.00 s",
      step: -1,
    });
  });

  test("after its last step a task waits for what was known at the end", () => {
    const tasks = [task(1, "main", { waitsFor: "<Event [unset]>" }), task(2, "late", { made: 1 })];
    const words = wordsAt(traceOf({ duration: 3, tasks, steps: [step(1, 0, 1, { on: "something" })] }), 2);
    expect(words.waiting.entries[0]?.what).toBe("for <Event [unset]>, 1.00 s so far");
    expect(words.ready.entries).toEqual([{ who: "late", what: "never begun", step: -1 }]);
  });

  test("fits in one sentence", () => {
    expect(inOneSentence(wordsAt(cooperativeRun().trace, 0.5), "a.ts:6:3")).toBe(
      "Nobody: the loop waits; at a.ts:6:3; ready none; timers Task-2 sum A, Task-3 sum B; waiting Task-1 main, Task-2 sum A, Task-3 sum B.",
    );
  });
});
