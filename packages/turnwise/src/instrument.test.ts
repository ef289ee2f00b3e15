import { describe, expect, test, vi } from "vitest";
import { EventLoop } from "./events.ts";
import { Handle } from "./handles.ts";
import { addInstrument, type Instrument, removeInstrument } from "./instrument.ts";
import * as asyncio from "./index.ts";
import { Task } from "./tasks.ts";
import { runVirtual } from "./testing.ts";

/** Writes down what it hears, in words; times are the virtual clock's. */
class Log implements Instrument {
  readonly lines: string[] = [];

  taskMade(task: Task<unknown>, parent: Task<unknown> | null): void {
    this.lines.push(`${task.getName()} made by ${parent?.getName() ?? "nobody"}`);
  }
  ready(subject: Task<unknown> | Handle, _time: number, inside: boolean): void {
    this.lines.push(`${nameOf(subject)} ready${inside ? "" : " from outside"}`);
  }
  stepBegan(subject: Task<unknown> | Handle, time: number): void {
    this.lines.push(`${nameOf(subject)} begins at ${time}`);
  }
  stepEnded(subject: Task<unknown> | Handle, time: number, why: string, on: asyncio.Future<unknown> | null): void {
    this.lines.push(`${nameOf(subject)} ends at ${time}: ${why}${on === null ? "" : ` ${on.constructor.name}`}`);
  }
  wentOn(task: Task<unknown>, _time: number, why: string): void {
    this.lines.push(`${task.getName()} went on: ${why}`);
  }
  taskDone(task: Task<unknown>): void {
    this.lines.push(`${task.getName()} done${task.cancelled() ? ", cancelled" : ""}`);
  }
  timerSet(id: number, when: number): void {
    this.lines.push(`timer ${id} set for ${when}`);
  }
  timerFired(id: number): void {
    this.lines.push(`timer ${id} fired`);
  }
  noticeSent(): void {
    this.lines.push("notice sent");
  }
  noticeHeard(): void {
    this.lines.push("notice heard");
  }
  idle(time: number, deadline: number | null): void {
    this.lines.push(`idle at ${time} until ${deadline}`);
  }
}

const nameOf = (subject: Task<unknown> | Handle): string =>
  subject instanceof Task ? subject.getName() : /<\w+ (.*?)(>| created)/.exec(String(subject))![1]!;

/** Hears of turns at once. */
class Turns extends Log {
  turned(task: Task<unknown>, time: number): void {
    this.lines.push(`${task.getName()} turned at ${time}`);
  }
}

/** What `main`'s loop does, from its first step to its last. */
async function logOf(main: () => Promise<unknown>, log = new Log()): Promise<string[]> {
  await runVirtual(async () => {
    asyncio.currentTask()!.setName("main");
    const loop = asyncio.getRunningLoop();
    addInstrument(loop, log);
    await asyncio.sleep(0);
    await main();
    removeInstrument(loop, log);
  });
  return log.lines;
}

describe("an instrument hears", () => {
  test("each step from its beginning to its end, and what made it ready", async () => {
    const lines = await logOf(async () => {
      const event = new asyncio.Event();
      const waits = asyncio.createTask(() => event.wait(), { name: "waits" });
      await asyncio.sleep(1);
      event.set();
      await waits;
    });
    expect(lines).toEqual([
      "main ready from outside", // The step in which it was added is not known to it.
      "main begins at 0",
      "waits made by main",
      "waits ready",
      "timer 0 set for 1",
      "main ends at 0: wait Sleep",
      "waits begins at 0",
      "waits ends at 0: wait Waiter",
      "idle at 0 until 1",
      "timer 0 fired",
      "main ready",
      "main begins at 1",
      "waits ready",
      "main ends at 1: wait Task",
      "waits begins at 1",
      "waits ends at 1: done",
      "main ready",
      "waits done",
      "main begins at 1",
    ]);
  });

  test("callbacks, with the time at which they were due", async () => {
    const lines = await logOf(async () => {
      const loop = asyncio.getRunningLoop();
      loop.callSoon(function soon() {});
      loop.callLater(2, function later() {});
      await asyncio.sleep(3);
    });
    expect(lines.filter((line) => /soon|later/.test(line))).toEqual([
      "soon() ready",
      "soon() begins at 0",
      "soon() ends at 0: done",
      "later() ready",
      "later() begins at 2",
      "later() ends at 2: done",
    ]);
  });

  test("a wait for a foreign promise, and that it is over", async () => {
    const lines = await logOf(async () => {
      await asyncio.createTask(
        async () => {
          await new Promise((resolve) => setImmediate(resolve));
          await asyncio.sleep(1);
        },
        { name: "foreign" },
      );
    });
    expect(lines.filter((line) => line.startsWith("foreign"))).toEqual([
      "foreign made by main",
      "foreign ready",
      "foreign begins at 0",
      "foreign ends at 0: foreign",
      "foreign went on: wait",
      "foreign ready",
      "foreign begins at 1",
      "foreign ends at 1: done",
      "foreign done",
    ]);
  });

  test("of a gather through a notice of each task's end", async () => {
    const lines = await logOf(async () => {
      await asyncio.gather(asyncio.createTask(async () => {}, { name: "child" }));
    });
    const done = lines.indexOf("child ends at 0: done");
    expect(lines.slice(done)).toEqual([
      "child ends at 0: done",
      "notice sent",
      "child done",
      "notice heard",
      "main ready",
      "main begins at 0",
    ]);
  });

  test("a task that was begun eagerly, as part of its creator's step", async () => {
    const lines = await logOf(async () => {
      const eager = async (): Promise<void> => {
        await Promise.resolve();
        await asyncio.sleep(1);
      };
      await asyncio.createTask(eager, { name: "eager", eagerStart: true });
    });
    // The rest of its first step comes when its creator waits.
    const first = lines.indexOf("main ends at 0: wait Task");
    expect(lines.slice(first, first + 3)).toEqual([
      "main ends at 0: wait Task",
      "eager begins at 0",
      "eager ends at 0: wait Sleep",
    ]);
  });

  test("a turn that is given as the end of a step and being ready, or as one event", async () => {
    const turn = async (): Promise<void> => {
      const branch = Promise.all([asyncio.sleep(0), asyncio.sleep(0)]); // Two waits of one task.
      await branch;
    };
    // A task that was begun eagerly is in line already when it gives its turn.
    const eager = async (): Promise<void> => {
      await asyncio.createTask(turn, { name: "eager", eagerStart: true });
      await asyncio.createTask(turn, { name: "turns" });
    };
    const apart = await logOf(eager);
    expect(apart.filter((line) => line.includes("turn"))).not.toEqual([]);
    const parts = (line: string): string[] => {
      const match = /(.*) turned at (.*)/.exec(line);
      return match === null ? [line] : [`${match[1]} ends at ${match[2]}: turn`, `${match[1]} ready`];
    };
    const fused = await logOf(eager, new Turns());
    expect(fused.filter((line) => line.includes("turned"))).toEqual(["turns turned at 0", "turns turned at 0"]);
    expect(fused.flatMap(parts)).toEqual(apart);
  });

  test("cancellation", async () => {
    const lines = await logOf(async () => {
      const task = asyncio.createTask(() => asyncio.sleep(9), { name: "cancelled" });
      await asyncio.sleep(1);
      task.cancel();
      await asyncio.wait([task]);
    });
    expect(lines).toContain("cancelled done, cancelled");
  });
});

test("steps and the gaps between them tile the time that the loop is busy", async () => {
  const steps: [begin: number, end: number][] = [];
  const instrument: Instrument = {
    stepBegan: (_, time) => void steps.push([time, Number.NaN]),
    stepEnded: (_, time) => void (steps.at(-1)![1] = time),
  };
  const loop = new EventLoop();
  addInstrument(loop, instrument);
  await using runner = new asyncio.Runner({ loopFactory: () => loop });
  await runner.run(async () => {
    const turns = async (): Promise<void> => {
      for (let i = 0; i < 100; i++) await asyncio.sleep(0);
    };
    await asyncio.gather(turns, turns);
  });
  for (const [begin, end] of steps) expect(end).toBeGreaterThanOrEqual(begin);
  for (const [i, [begin]] of steps.slice(1).entries()) expect(begin).toBeGreaterThanOrEqual(steps[i]![1]);
  // Where one step follows the other at once, the clock is not asked twice.
  expect(steps.slice(1).filter(([begin], i) => begin === steps[i]![1]).length).toBeGreaterThan(100);
});

describe("a loop that is not watched", () => {
  test("runs the plain methods: before, after, and once it is closed", async () => {
    const now = (): unknown[] =>
      [Task, Handle, EventLoop].flatMap(({ prototype }) => Object.values(Object.getOwnPropertyDescriptors(prototype)));
    const plain = now();
    const loop = new EventLoop();
    const instrument = {};
    addInstrument(loop, instrument);
    expect(now()).not.toEqual(plain);
    removeInstrument(loop, instrument);
    expect(now()).toEqual(plain);
    addInstrument(loop, instrument);
    loop.close();
    expect(now()).toEqual(plain);
    expect(() => addInstrument(loop, instrument)).toThrow("Event loop is closed");
  });

  test("tells nothing while another one is watched", async () => {
    const watched = new EventLoop();
    const log = new Log();
    addInstrument(watched, log);
    await asyncio.run(() => asyncio.sleep(0.001));
    expect(log.lines).toEqual([]);
    watched.close();
  });
});

test("of several instruments each hears of turns in its own way, and one that fails there hears no more", async () => {
  const [log, turns] = [new Log(), new Turns()];
  const bad = {
    turned: vi.fn(() => {
      throw new Error("broken");
    }),
  };
  const reports: unknown[] = [];
  await runVirtual(async () => {
    const loop = asyncio.getRunningLoop();
    // What the handler leaves with the loop is told too.
    loop.setExceptionHandler((_, context) =>
      loop.callSoon(function report() {
        reports.push(context.message);
      }),
    );
    for (const instrument of [bad, log, turns]) addInstrument(loop, instrument);
    for (let i = 0; i < 3; i++) await asyncio.sleep(0);
    for (const instrument of [log, turns]) removeInstrument(loop, instrument);
  });
  expect(bad.turned).toHaveBeenCalledTimes(1);
  expect(reports).toEqual(["An instrument failed, and hears no more"]);
  const named = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/Task-\d+/, "Task"));
  expect(named(log.lines)).toEqual([
    "Task ready from outside",
    "Task begins at 0",
    "report() ready",
    "Task ends at 0: turn",
    "Task ready",
    "report() begins at 0",
    "report() ends at 0: done",
    "Task begins at 0",
    "Task ends at 0: turn",
    "Task ready",
    "Task begins at 0",
  ]);
  expect(named(turns.lines)).toEqual([
    "Task ready from outside",
    "Task begins at 0",
    "report() ready",
    "Task turned at 0",
    "report() begins at 0",
    "report() ends at 0: done",
    "Task begins at 0",
    "Task turned at 0",
    "Task begins at 0",
  ]);
});

test("several instruments hear the same, and one that fails hears no more", async () => {
  const [good, bad] = [
    new Log(),
    {
      stepBegan: vi.fn(() => {
        throw new Error("broken");
      }),
    },
  ];
  const reports: unknown[] = [];
  await runVirtual(async () => {
    const loop = asyncio.getRunningLoop();
    loop.setExceptionHandler((_, context) => reports.push(context.message, (context.exception as Error).message));
    addInstrument(loop, bad);
    addInstrument(loop, good);
    for (let i = 0; i < 3; i++) await asyncio.sleep(0);
    removeInstrument(loop, good);
  });
  expect(bad.stepBegan).toHaveBeenCalledTimes(1);
  expect(reports).toEqual(["An instrument failed, and hears no more", "broken"]);
  expect(good.lines.filter((line) => line.includes("begins"))).toHaveLength(3);
});
