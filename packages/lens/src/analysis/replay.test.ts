import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Trace } from "../trace.ts";
import { causesOf } from "./causes.ts";
import { replay } from "./replay.ts";
import { brokenTraces } from "./testing/broken-traces.ts";
import { simulate } from "./testing/machine.ts";
import {
  awaits,
  block,
  cancel,
  compute,
  holding,
  join,
  outside,
  programs,
  sleep,
  spawn,
  turn,
  work,
} from "./testing/programs.ts";
import type { Operation } from "./testing/programs.ts";
import { notesProgram, TraceBuilder } from "./testing/trace-builder.ts";

const secondsOf = (trace: Trace): number => replay(trace, causesOf(trace)).seconds;

/** What is predicted for a program that blocks, and what its repaired twin takes. */
function compare(...program: Operation[]): { predicted: number; twin: number } {
  return { predicted: secondsOf(simulate(program)), twin: simulate(program, true).duration };
}

describe("a run without blocked stretches is replayed as it was", () => {
  test("step by step, whatever the program", () => {
    fc.assert(
      fc.property(programs("sleep", "join", "cancel", "await", "hold"), (program) => {
        const trace = simulate(program);
        const { steps, seconds } = replay(trace, causesOf(trace));
        expect(seconds).toBeCloseTo(trace.duration, 9);
        const begins = steps.toSorted((a, b) => a.step - b.step).map(({ begin }) => begin);
        begins.forEach((begin, index) => expect(begin).toBeCloseTo(trace.steps[index]!.begin, 9));
      }),
      { numRuns: 300 },
    );
  });

  test("in the same time, where things come from outside", () => {
    fc.assert(
      fc.property(programs("sleep", "outside", "join"), (program) => {
        const trace = simulate(program);
        // What came while a step ran may queue in another order than it did.
        expect(Math.abs(replay(trace, causesOf(trace)).seconds - trace.duration)).toBeLessThan(0.02);
      }),
      { numRuns: 300 },
    );
  });

  test("with the time in which nothing known ran", () => {
    const run = new TraceBuilder();
    const main = run.task("main");
    const first = run.step(main, 0.1, 0.2);
    run.step(main, 1.25, 1.3, { cause: "timer", by: first, timerSet: 0.15, timerWhen: 1.2, ready: 1.2 });
    run.step(main, 1.4, 1.5, { cause: "turn", then: "done", ready: 1.3 });
    expect(secondsOf(run.trace(1.7))).toBeCloseTo(1.7, 9);
  });
});

describe("blocked time that lets others run", () => {
  test("overlaps with theirs: the notes' second program takes 3 s", () => {
    expect(secondsOf(notesProgram())).toBeCloseTo(3, 9);
  });

  test("a program with one task gains nothing", () => {
    expect(secondsOf(simulate([block(1), turn, block(1)]))).toBeCloseTo(2, 9);
  });

  test("who joins several tasks goes on after the one that is then the last", () => {
    // Recorded, the second child ends last; repaired, the first does.
    const { predicted, twin } = compare(spawn(block(3)), spawn(block(1)), join, sleep(2));
    expect(twin).toBeCloseTo(5, 9);
    expect(predicted).toBeCloseTo(twin, 9);
  });

  test("timers are set earlier, and fire in time", () => {
    const { predicted, twin } = compare(spawn(sleep(1), block(2)), spawn(block(2), sleep(1)), join);
    expect(predicted).toBeCloseTo(twin, 9);
  });

  test("what came from outside meanwhile came in time", () => {
    const { predicted, twin } = compare(spawn(outside(0.5), sleep(2)), spawn(block(2)), join);
    expect(predicted).toBeLessThanOrEqual(twin);
    expect(predicted).toBeGreaterThanOrEqual(2);
  });

  test("a task that is cancelled at the end does not hold up the run", () => {
    const heartbeat = Array.from({ length: 20 }, () => [block(0.3), sleep(0.1)]).flat();
    const main = Array.from({ length: 10 }, () => sleep(0.1));
    const { predicted, twin } = compare(spawn(...heartbeat), ...main, cancel);
    expect(twin).toBeCloseTo(1, 9);
    expect(predicted).toBeCloseTo(twin, 9);
  });

  test("nor does a task that is pending at the end", () => {
    const run = new TraceBuilder();
    const [main, other] = [run.task("main"), run.task("other", { waitsFor: "a sleep until 9 s" })];
    const start = run.step(main, 0, 0);
    run.blocks(run.step(other, 0, 2, { by: start, ready: 0 }), 0, 2);
    const timer = { cause: "timer", by: start, timerSet: 0, timerWhen: 0.5, ready: 0.5 } as const;
    run.step(main, 2, 2, { ...timer, then: "done" });
    expect(secondsOf(run.trace())).toBeCloseTo(0.5, 9);
  });

  test("takes within 5 % of what the repaired twin takes, whatever the program of tasks, sleeps and turns", () => {
    fc.assert(
      fc.property(programs("block", "sleep"), (program) => {
        const { predicted, twin } = compare(...program);
        expect(Math.abs(predicted - twin)).toBeLessThanOrEqual(0.05 * twin + 0.001);
      }),
      { numRuns: 500 },
    );
  });

  test("or of tasks that share locks, or await what is done", () => {
    const kinds = ["block", "sleep", "hold", "await"] as const;
    expect(nearTwins(...kinds)).toBeGreaterThan(0.99);
  });

  test("or of tasks that are joined and cancelled, too, as a rule", () => {
    // Exceptions: who joins or cancels what is done already leaves nothing in the trace; but it may not be done in the
    // twin.
    expect(nearTwins("block", "sleep", "join", "cancel")).toBeGreaterThan(0.95);
    expect(nearTwins("block", "sleep", "join", "cancel", "hold", "await")).toBeGreaterThan(0.95);
  });
});

/** Of so many programs, which share is predicted within 5 %. */
function nearTwins(...kinds: Parameters<typeof programs>): number {
  const count = 1000;
  const near = fc.sample(programs(...kinds), count).filter((program) => {
    const { predicted, twin } = compare(...program);
    return Math.abs(predicted - twin) <= 0.05 * twin;
  });
  return near.length / count;
}

describe("what a task passed by, it waits for where others run before", () => {
  test("tasks that are awaited one after another, and were done", () => {
    const { predicted, twin } = compare(
      spawn(block(2)),
      spawn(block(3)),
      spawn(block(1)),
      awaits(0),
      block(0.5),
      awaits(1),
      block(0.5),
      awaits(2),
    );
    expect(twin).toBeCloseTo(3.5, 4);
    expect(predicted).toBeCloseTo(twin, 4);
  });

  test("a lock that each found free", () => {
    const job = spawn(...holding(0, block(1)), block(2));
    const { predicted, twin } = compare(job, job, job, join);
    expect(twin).toBeCloseTo(5, 4);
    expect(predicted).toBeCloseTo(twin, 4);
  });

  test("a semaphore's slots: as many at a time as there are", () => {
    const job = spawn(...holding(2, block(1)));
    const { predicted, twin } = compare(job, job, job, job, job, join);
    expect(twin).toBeCloseTo(3, 4);
    expect(predicted).toBeCloseTo(twin, 4);
  });

  test("whoever comes first gets the lock, also if it was handed over in another order", () => {
    const { predicted, twin } = compare(
      spawn(...holding(0, sleep(0.1), block(1))),
      spawn(block(3), ...holding(0, block(1))),
      spawn(sleep(0.05), ...holding(0, block(2))),
      join,
    );
    expect(twin).toBeCloseTo(4.1, 4);
    expect(predicted).toBeCloseTo(twin, 4);
  });

  test("an event that was set, in the midst of what computed", () => {
    const run = new TraceBuilder();
    const main = run.task("main");
    const [setter, waiter] = [run.task("setter", { parent: main }), run.task("waiter", { parent: main })];
    const start = run.step(main, 0, 0, { then: "done" });
    const sets = run.step(setter, 0, 2, { by: start, ready: 0, then: "done" });
    run.blocks(sets, 0, 2);
    const waits = run.step(waiter, 2, 4, { by: start, ready: 0, then: "done" });
    run.computes(waits, 2, 4).passes(waits, 3, sets, 1.5);
    // It computes for a second, waits for half of one, computes for another.
    expect(secondsOf(run.trace())).toBeCloseTo(2.5, 9);
  });

  test("a task that is cancelled while it waits for a lock neither takes nor keeps it", () => {
    const { predicted, twin } = compare(
      spawn(...holding(0, block(2))),
      spawn(spawn(...holding(0, block(5)), sleep(9)), sleep(1), cancel),
      sleep(0.5),
      ...holding(0, block(1)),
    );
    expect(twin).toBeCloseTo(3, 4);
    expect(predicted).toBeCloseTo(twin, 4);
  });
});

test("what never comes is not waited for for ever", () => {
  const run = new TraceBuilder();
  const [main, other] = [run.task("main"), run.task("other")];
  const first = run.step(main, 0, 1, { then: "done" });
  const second = run.step(other, 1, 2, { by: first, ready: 0.5, then: "done" });
  // Whoever had the lock never let it go.
  run.blocks(first, 0, 1).acquires(first, 0, 0, 0).acquires(second, 1.5, 0, 0);
  expect(secondsOf(run.trace())).toBeCloseTo(1.5, 9);
});

test("a gather's news queue behind what blocks, and so do not take that time", () => {
  const run = new TraceBuilder();
  const main = run.task("main");
  const [child, other] = [run.task("child", { parent: main }), run.task("other")];
  const start = run.step(main, 0, 0, { on: "a gather" });
  const ends = run.step(child, 0, 0.1, { by: start, ready: 0, then: "done" });
  run.blocks(run.step(other, 0.1, 2.1, { by: start, ready: 0, then: "done" }), 0.1, 2.1);
  // The news come only now.
  const goesOn = run.step(main, 2.1, 4.1, { cause: "woken", by: ends, ready: 2.1, then: "done" });
  run.blocks(goesOn, 2.1, 4.1);
  expect(secondsOf(run.trace())).toBeCloseTo(2.1, 9);
});

describe("computing", () => {
  test("is done in workers, as many at a time as there are", () => {
    const trace = simulate([spawn(compute(1)), spawn(compute(1)), spawn(compute(1)), join]);
    expect(trace.program.cores).toBe(2);
    expect(secondsOf(trace)).toBeCloseTo(2, 9);
  });

  test("does not overlap where there is one worker", () => {
    const trace = simulate([spawn(compute(1), work(0.01)), spawn(compute(1)), join]);
    expect(secondsOf({ ...trace, program: { ...trace.program, cores: 1 } })).toBeCloseTo(2, 2);
  });
});

describe("outside of steps", () => {
  test("a step that was due meanwhile runs in time", () => {
    const run = new TraceBuilder();
    const main = run.task("main");
    const first = run.step(main, 0, 0.1);
    const timer = { cause: "timer", by: first, timerSet: 0.1, timerWhen: 0.5, ready: 0.5 } as const;
    const second = run.step(main, 1.2, 1.3, timer);
    run.blocks(null, 0.2, 1.2);
    run.step(main, 3.3, 3.3, { cause: "timer", by: second, timerSet: 1.3, timerWhen: 3.3, ready: 3.3, then: "done" });
    expect(secondsOf(run.trace())).toBeCloseTo(2.6, 9);
  });

  test("a request is still answered after its handler, but not after the others'", () => {
    // Three clients; each request's handler blocks for a second, outside of tasks.
    const run = new TraceBuilder();
    const clients = ["a", "b", "c"].map((name) => run.task(name));
    clients.forEach((client) => run.step(client, 0, 0, { then: "foreign" }));
    clients.forEach((client, n) => {
      run.blocks(null, n, n + 1);
      run.step(client, n + 1, n + 1, { cause: "outside", then: "done" });
    });
    expect(secondsOf(run.trace())).toBeCloseTo(1, 9);
  });

  test("requests one after another still take their handlers' time each", () => {
    const run = new TraceBuilder();
    const client = run.task("client");
    run.step(client, 0, 0, { then: "foreign" });
    for (let n = 0; n < 3; n++) {
      run.blocks(null, n, n + 1);
      run.step(client, n + 1, n + 1, { cause: "outside", then: n < 2 ? "foreign" : "done" });
    }
    expect(secondsOf(run.trace())).toBeCloseTo(3, 9);
  });

  test("a second run of the loop follows the first", () => {
    const run = new TraceBuilder();
    const programOf = (at: number): void => {
      const main = run.task("main", { made: at });
      const first = run.step(main, at, at);
      for (const n of [0, 1]) {
        const task = run.task("t", { parent: main, made: at });
        const step = run.step(task, at + n, at + n + 1, { by: first, ready: at, then: "done" });
        run.blocks(step, at + n, at + n + 1);
      }
      run.step(main, at + 2, at + 2, { cause: "woken", by: first + 2, then: "done" });
    };
    programOf(0);
    programOf(2.5); // After half a second of something else.
    expect(secondsOf(run.trace())).toBeCloseTo(2.5, 9);
  });
});

test("no trace makes it hang, and each step is replayed", () => {
  fc.assert(
    fc.property(brokenTraces(), (trace) => {
      const { steps, seconds } = replay(trace, causesOf(trace));
      expect(seconds).toBeGreaterThanOrEqual(0);
      const replayed = new Set(steps.map(({ step }) => step));
      const isCancelled = trace.tasks.some(({ outcome }) => outcome === "cancelled");
      if (!isCancelled) expect(replayed.size).toBe(trace.steps.length);
    }),
    { numRuns: 1000 },
  );
});

test("the thread does one thing at a time", () => {
  fc.assert(
    fc.property(programs("block", "compute", "sleep", "outside", "join", "hold", "await"), (program) => {
      const trace = simulate(program);
      let free = 0;
      for (const { begin, end, where } of replay(trace, causesOf(trace)).steps) {
        if (where === "away") continue;
        expect(begin).toBeGreaterThanOrEqual(free - 1e-9);
        free = end;
      }
    }),
  );
});
