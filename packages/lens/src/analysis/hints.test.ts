import { describe, expect, test } from "vitest";
import type { Hint } from "../summary.ts";
import type { Trace } from "../trace.ts";
import { summarise } from "./summarise.ts";
import { simulate } from "./testing/machine.ts";
import { block, join, outside, sleep, spawn, work } from "./testing/programs.ts";
import { TraceBuilder } from "./testing/trace-builder.ts";

const hintsFor = (trace: Trace): readonly Hint[] => summarise(trace).hints;

describe("waits of one task, one after another", () => {
  test("for things outside", () => {
    expect(hintsFor(simulate([outside(1), outside(0.8), outside(0.9), outside(0.5)]))).toEqual([
      {
        code: "TW101",
        message:
          "main waited 4 times one after another, for 3.20 s in all; if these waits are independent, `gather` would have " +
          "taken 1.00 s: 2.20 s less",
        seconds: expect.closeTo(2.2, 9) as number,
        tasks: [1],
      },
    ]);
  });

  test("for timers", () => {
    expect(hintsFor(simulate([sleep(1), work(0.001), sleep(1)]))[0]!.seconds).toBeCloseTo(1, 9);
  });

  test("for tasks that it made only when the one before was done", () => {
    const run = new TraceBuilder();
    const main = run.task("main");
    let by = -1;
    for (let n = 0; n < 3; n++) {
      const child = run.task(`child ${n}`, { made: n, parent: main });
      const step = { by, onTask: child, ...(n > 0 && { cause: "woken" as const }) };
      const made = run.step(main, n, n, step);
      const first = run.step(child, n, n, { by: made });
      const timer = { cause: "timer", by: first, timerSet: n, timerWhen: n + 1, ready: n + 1 } as const;
      by = run.step(child, n + 1, n + 1, { ...timer, then: "done" });
    }
    run.step(main, 3, 3, { cause: "woken", by, then: "done" });
    expect(hintsFor(run.trace())).toMatchObject([{ seconds: 2, tasks: [main] }]);
  });

  test("many tasks of one function are one hint", () => {
    const tasks = Array.from({ length: 5 }, () => spawn(outside(1), outside(1)));
    const hints = hintsFor(simulate([...tasks, join]));
    expect(hints).toHaveLength(1);
    expect(hints[0]!.message).toContain("child (so did 4 more of child) waited twice");
  });

  test("are never a warning", () => {
    expect(summarise(simulate([outside(1), outside(1)])).warnings).toEqual([]);
  });
});

describe("no hint", () => {
  test.each<[string, Trace]>([
    ["for one wait", simulate([outside(3)])],
    ["where the task works in between", simulate([outside(1), work(0.5), outside(1)])],
    ["where it blocks in between", simulate([outside(1), block(1), outside(1)])],
    ["for waits that went on together", simulate([spawn(outside(1)), spawn(outside(1)), join])],
    ["where there is little to gain", simulate([outside(10), outside(0.5)])],
    ["for a clock", simulate(Array.from({ length: 20 }, () => sleep(0.5)))],
  ])("%s", (_, trace) => {
    expect(hintsFor(trace)).toEqual([]);
  });

  test("for tasks that were all made before the first was awaited", () => {
    const run = new TraceBuilder();
    const main = run.task("main");
    const [a, b] = [run.task("a", { parent: main }), run.task("b", { parent: main })];
    const start = run.step(main, 0, 0, { onTask: a });
    const timer = { cause: "timer", by: start, timerSet: 0 } as const;
    const endA = run.step(a, 1, 1, { ...timer, timerWhen: 1, then: "done" });
    run.step(main, 1, 1, { cause: "woken", by: endA, onTask: b });
    const endB = run.step(b, 2, 2, { ...timer, timerWhen: 2, ready: 2, then: "done" });
    run.step(main, 2, 2, { cause: "woken", by: endB, then: "done" });
    expect(hintsFor(run.trace())).toEqual([]);
  });
});
