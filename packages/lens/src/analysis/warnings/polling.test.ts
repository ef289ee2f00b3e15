import { describe, expect, test } from "vitest";
import type { TraceStep } from "../../trace.ts";
import type { Trace } from "../../trace.ts";
import type { Warning } from "../../summary.ts";
import { summarise } from "../summarise.ts";
import { TraceBuilder } from "../testing/trace-builder.ts";

const warningsOf = (trace: Trace): readonly Warning[] =>
  summarise(trace).warnings.filter(({ code }) => code === "TW006");

interface Loop {
  /** How often it sleeps. */
  readonly sleeps?: number;
  readonly delay?: (n: number) => number;
  /** How long it runs each time. */
  readonly runs?: number;
  /** What happens in each of its steps. */
  readonly does?: (run: TraceBuilder, step: number, now: number) => void;
  /** What happens in the pause n. */
  readonly meanwhile?: (run: TraceBuilder, n: number, now: number) => void;
  readonly end?: Partial<TraceStep>;
  readonly outcome?: "cancelled";
}

const LAST = 40;

/** A task that sleeps again and again, and one that runs once, in the last of its pauses. */
function loop({ sleeps = LAST, delay = () => 0.01, runs = 2e-6, does, meanwhile, end, outcome }: Loop): Trace {
  const run = new TraceBuilder();
  const main = run.task("main");
  const id = run.task("waiter", outcome === undefined ? {} : { outcome });
  const setter = run.task("setter");
  let by = run.step(id, 0, runs, { on: "a sleep until 0.01 s" });
  let now = runs;
  for (let n = 1; n <= sleeps; n++) {
    const pause = delay(n);
    does?.(run, by, now);
    meanwhile?.(run, n, now);
    if (n === sleeps && meanwhile === undefined) {
      const timer = { cause: "timer", by: 0, timerSet: 0, timerWhen: now + pause / 2, ready: now + pause / 2 } as const;
      run.step(setter, now + pause / 2, now + pause / 2 + 1e-5, { ...timer, then: "done" });
    }
    const begin = now + pause;
    const timer = { cause: "timer", by, timerSet: now, timerWhen: begin, ready: begin } as const;
    const last = n === sleeps ? ({ then: "done", ...end } as const) : { on: "a sleep until 0.01 s" };
    by = run.step(id, begin, begin + runs, { ...timer, ...last });
    now = begin + runs;
  }
  run.step(main, now, now, { cause: "woken", by, then: "done" });
  return run.trace();
}

describe("a task that looks again and again whether something has happened", () => {
  test("until the one has run that had not run before, whoever else ran just then", () => {
    const meanwhile = (run: TraceBuilder, n: number, now: number): void => {
      if (n % 5 === 0) run.step(1, now + 0.001, now + 0.0011, { cause: "turn" });
      if (n === LAST) run.step(3, now + 0.002, now + 0.0021, { cause: "turn" });
    };
    expect(warningsOf(loop({ meanwhile }))[0]!.message).toMatch(/, until setter had run$/);
  });

  test("until another has run", () => {
    const [warning] = warningsOf(loop({}));
    expect(warning!.message).toBe(
      "the task waiter woke 39 times, every 10 ms, and did next to nothing, until setter had run",
    );
  });

  test("and goes on with something else", () => {
    expect(warningsOf(loop({ end: { then: "wait", on: "<Lock [locked]>" } }))).toHaveLength(0); // It never went on.
    expect(warningsOf(loop({ end: { then: "done" } }))).toHaveLength(1);
  });

  test("while others run all the time", () => {
    const trace = loop({
      meanwhile: (run, n, now) => {
        run.step(1, now + 0.001, now + 0.002);
        if (n === LAST) run.step(3, now + 0.003, now + 0.004, { then: "done" });
      },
    });
    expect(warningsOf(trace)).toHaveLength(1);
  });
});

describe("not for", () => {
  test("a metronome that prints", () => {
    expect(warningsOf(loop({ runs: 300e-6 }))).toEqual([]);
  });

  test("a metronome that only counts", () => {
    expect(warningsOf(loop({ meanwhile: () => {} }))).toEqual([]);
  });

  test("a metronome beside a busy task", () => {
    const trace = loop({ meanwhile: (run, _, now) => run.step(1, now + 0.001, now + 0.002) });
    expect(warningsOf(trace)).toEqual([]);
  });

  test("a ticker that goes on until it is cancelled", () => {
    expect(warningsOf(loop({ outcome: "cancelled" }))).toEqual([]);
  });

  test("a retry with growing pauses", () => {
    expect(warningsOf(loop({ delay: (n) => 0.001 * 1.15 ** n }))).toEqual([]);
  });

  test("a retry that gives up soon", () => {
    expect(warningsOf(loop({ sleeps: 10 }))).toEqual([]);
  });

  test("a rate limiter: each time it begins something", () => {
    const does = (run: TraceBuilder, by: number, now: number): void => {
      run.step(run.task("request", { parent: 2 }), now, now + 0.001, { by, then: "done" });
    };
    expect(warningsOf(loop({ does }))).toEqual([]);
  });

  test("who looks seldom", () => {
    expect(warningsOf(loop({ delay: () => 1 }))).toEqual([]);
  });

  test("pauses of all lengths", () => {
    expect(warningsOf(loop({ delay: (n) => 0.005 + 0.003 * (n % 7) }))).toEqual([]);
  });
});
