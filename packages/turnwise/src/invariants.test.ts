/** The five invariants of the loop (DESIGN, section 1). */
import { setTimeout as hostSleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { EventLoop } from "./events.ts";
import { gather } from "./gather.ts";
import type { Host, IdleState } from "./host.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { runVirtual } from "./testing.ts";

/** A host whose clock stands until the test moves it, and that counts what it is asked for. */
class FakeHost implements Host {
  time = 0;
  turns = 0;
  soons = 0;
  readonly idles: IdleState[] = [];
  disarms = 0;
  alive = 0;
  wake: (() => void) | null = null;
  onTurn: () => void = () => {};

  now(): number {
    return this.time;
  }

  soon(callback: () => void): void {
    this.soons++;
    setImmediate(() => {
      this.turns++;
      this.onTurn();
      callback();
    });
  }

  idle(state: IdleState, wake: () => void): void {
    this.idles.push(state);
    this.wake = wake;
  }

  disarm(): void {
    this.disarms++;
    this.wake = null;
  }

  keepAlive(): () => void {
    this.alive++;
    return () => this.alive--;
  }
}

/** Lets the host have a few turns. */
async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe("1: first in, first out; iterations; timers", () => {
  test("callbacks, steps and task starts share one queue, first in, first out", () =>
    runVirtual(async () => {
      const log: string[] = [];
      const loop = getRunningLoop();
      loop.callSoon(() => log.push("callback 1"));
      const task = createTask(async () => {
        log.push("task");
        await sleep(0);
        log.push("task again");
      });
      loop.callSoon(() => {
        log.push("callback 2");
        loop.callSoon(() => log.push("callback 3"));
      });
      await sleep(0);
      log.push("main");
      await task;
      expect(log).toEqual(["callback 1", "task", "callback 2", "main", "task again", "callback 3"]);
    }));

  test("what an iteration makes ready runs in the next one, behind the timers that fell due", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const log: string[] = [];
      loop.callSoon(() => {
        log.push("first");
        loop.callAt(loop.time(), () => log.push("timer, due at once"));
        loop.callSoon(() => log.push("made ready"));
      });
      loop.callSoon(() => log.push("same iteration"));
      await sleep(1);
      expect(log).toEqual(["first", "same iteration", "made ready", "timer, due at once"]);
    }));

  test("due timers run by time, ties in the order of setting", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const log: number[] = [];
      for (const [name, delay] of [3, 1, 2, 1, 3, 2, 1].entries()) loop.callAt(delay, () => log.push(name));
      await sleep(5);
      expect(log).toEqual([1, 3, 6, 2, 5, 0, 4]);
    }));

  test("timers that fell due together during a long step keep their order", async () => {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    const log: string[] = [];
    await loop.runUntilComplete(async () => {
      loop.callLater(2, () => log.push("b"));
      loop.callLater(1, () => log.push("a"));
      loop.callSoon(() => log.push("ready"));
      host.time = 10;
      await sleep(0);
      log.push("main");
      await sleep(0);
    });
    expect(log).toEqual(["ready", "main", "a", "b"]);
  });

  test("a timer that is set for the past still waits for the next iteration", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const log: string[] = [];
      loop.callAt(-5, () => log.push("past"));
      log.push("sync");
      await sleep(0);
      log.push("step");
      await sleep(0);
      expect(log).toEqual(["sync", "step", "past"]);
    }));
});

describe("2: one step at a time", () => {
  /** Runs many tasks whose steps contain microtasks; fails if another task's step begins inside one. */
  function stepRecorder() {
    let inside: string | null = null;
    const overlaps: string[] = [];
    return {
      overlaps,
      step: async (microtasks: number): Promise<void> => {
        const me = currentTask()?.getName() ?? "nobody";
        if (inside !== null) overlaps.push(`${me} inside ${inside}`);
        inside = me;
        for (let i = 0; i < microtasks; i++) {
          await Promise.resolve();
          if (currentTask()?.getName() !== me) overlaps.push(`current task is not ${me}`);
        }
        if (inside !== me) overlaps.push(`${me} lost its step`);
        inside = null;
      },
    };
  }

  test("a step that awaits resolved promises is not interrupted", () =>
    runVirtual(async () => {
      const { overlaps, step } = stepRecorder();
      const tasks = Array.from({ length: 10 }, (_, n) =>
        createTask(async () => {
          for (let i = 0; i < 20; i++) {
            await step((n * 7 + i) % 11);
            await sleep(i % 3 === 0 ? 0.1 : 0);
          }
        }),
      );
      await gather(tasks);
      expect(overlaps).toEqual([]);
    }));

  test("callbacks and task starts that become ready while a task parks run after its step", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const log: string[] = [];
      const a = createTask(
        async () => {
          loop.callSoon(() => log.push(`callback of ${currentTask()?.getName() ?? "nobody"}`));
          createTask(async () => log.push(`start of ${currentTask()?.getName()}`), { name: "B" });
          await Promise.resolve();
          log.push("A goes on");
          await sleep(0);
          log.push(`step of ${currentTask()?.getName()}`);
        },
        { name: "A" },
      );
      await a;
      expect(log).toEqual(["A goes on", "callback of nobody", "start of B", "step of A"]);
    }));

  test("a callback never runs inside the `then` of the task that parks", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      let parking = false;
      let inside = false;
      loop.callSoon(() => (inside = parking));
      const future = loop.createFuture();
      parking = true;
      const done = new Promise<void>((resolve, reject) => void future.then(resolve, reject));
      parking = false;
      loop.callSoon(() => future.setResult());
      await done;
      expect(inside).toBe(false);
    }));

  test("a handler given to `then` by hand never runs inside another task's `then`", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const future = loop.createFuture();
      let parking = false;
      let inside: boolean | null = null;
      const byHand = createTask(async () => {
        await new Promise<void>((resolve, reject) => {
          void future.then(() => {
            inside = parking;
            resolve();
          }, reject);
        });
      });
      await sleep(1);
      future.setResult();
      const other = loop.createFuture();
      const wait = new Promise<void>((resolve, reject) => {
        parking = true;
        void other.then(resolve, reject);
        parking = false;
      });
      loop.callSoon(() => other.setResult());
      await wait;
      await byHand;
      expect(inside).toBe(false);
    }));

  test("`new Promise((res, rej) => task.then(res, rej))` gives the task's result, and keeps the current task", () =>
    runVirtual(async () => {
      const me = currentTask();
      const task = createTask(() => sleep(1, "done"));
      const result = await new Promise<string>((resolve, reject) => void task.then(resolve, reject));
      expect(result).toBe("done");
      expect(currentTask()).toBe(me);
    }));

  test.each(["all", "allSettled", "race", "any"] as const)("steps after Promise.%s do not overlap", (kind) =>
    runVirtual(async () => {
      const { overlaps, step } = stepRecorder();
      const worker = async (): Promise<void> => {
        for (let i = 0; i < 10; i++) {
          await step(3);
          const waits: Promise<unknown>[] = [sleep(0.1), createTask(() => sleep(0.1)), sleep(0)];
          await (Promise[kind] as (all: Promise<unknown>[]) => Promise<unknown>)(waits);
          await step(2);
        }
      };
      await gather(worker, worker, worker);
      expect(overlaps).toEqual([]);
    }),
  );
});

describe("3: the host gets its turns", () => {
  /** Runs tasks that are always ready on a fake clock. @returns the longest time between two turns of the host. */
  async function longestGap(total: number, costs: (step: number) => number): Promise<number> {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    let lastTurn = 0;
    let longest = 0;
    host.onTurn = () => {
      longest = Math.max(longest, host.time - lastTurn);
      lastTurn = host.time;
    };
    let step = 0;
    const busy = async (): Promise<void> => {
      while (host.time < total) {
        host.time += costs(step++);
        await sleep(0);
      }
    };
    await loop.runUntilComplete(() => gather(busy, busy, busy));
    return longest;
  }

  test.each([
    ["1 µs", 0.1, () => 1e-6],
    ["0.1 ms", 1, () => 1e-4],
    ["2 ms", 1, () => 2e-3],
    ["mixed", 1, (i: number) => [1e-6, 1e-4, 2e-3][(i * 7) % 3] as number],
    ["eight fast, eight slow", 2, (i: number) => (i % 16 < 8 ? 1e-6 : 2e-3)],
  ])("at least every few ms with steps of %s", async (_name, total, costs) => {
    expect(await longestGap(total, costs)).toBeLessThan(0.025);
  });

  test("after each step, if every step is longer than the slice", async () => {
    expect(await longestGap(2, () => 0.02)).toBeLessThan(0.05);
  });

  test("callbacks that set each other count too", async () => {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    const again = (): void => {
      host.time += 1e-4;
      if (host.time < 1) loop.callSoon(again);
      else loop.stop();
    };
    loop.callSoon(again);
    await loop.runForever();
    expect(host.turns).toBeGreaterThan(100);
  });

  // Real time: that a timer of Node's is not starved can only be seen with a timer of Node's.
  test("a timer of Node's fires beside a loop that is always busy", async () => {
    const loop = new EventLoop();
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    await loop.runUntilComplete(async () => {
      const end = loop.time() + 0.5;
      while (loop.time() < end) await sleep(0);
    });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(8);
  });
});

describe("4: exceptions out of callbacks", () => {
  test("go to the exception handler, and the loop goes on", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const heard: unknown[] = [];
      loop.setExceptionHandler((_loop, { exception }) => heard.push(exception));
      loop.callSoon(() => {
        throw new Error("callSoon");
      });
      loop.callLater(1, () => {
        throw "a string";
      });
      const future = loop.createFuture();
      future.addDoneCallback(() => {
        throw new Error("done callback");
      });
      future.setResult();
      await sleep(2);
      expect(heard).toEqual([new Error("callSoon"), new Error("done callback"), "a string"]);
    }));

  test("out of the exception handler itself do no harm", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const { error } = console;
      console.error = () => {};
      try {
        loop.setExceptionHandler(() => {
          throw new Error("handler");
        });
        loop.callSoon(() => {
          throw new Error("callback");
        });
        await sleep(1);
      } finally {
        console.error = error;
      }
    }));

  test("in an async callback are rejections of its promise: the loop goes on", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      let promise: Promise<void> | undefined;
      loop.callSoon(() => {
        promise = (async () => {
          await sleep(1);
          throw new Error("late");
        })();
        promise.catch(() => {});
      });
      await sleep(2);
      await expect(promise).rejects.toThrow("late");
    }));

  test.each([
    ["returns an object without a prototype", () => Object.create(null) as never],
    [
      "returns a hostile thenable",
      () => ({
        get then(): never {
          throw new Error("hostile");
        },
      }),
    ],
    [
      "returns a promise whose `then` throws",
      () => {
        const promise = Promise.resolve();
        promise.then = () => {
          throw new Error("hostile");
        };
        return promise;
      },
    ],
  ])("a task whose function %s fails, and the loop goes on", async (_name, fn) => {
    const loop = new EventLoop();
    loop.setExceptionHandler(() => {});
    // If the loop stood still, nothing would end this test: real time.
    const outcome = await Promise.race([
      loop.runUntilComplete(async () => {
        const task = createTask(fn as () => Promise<unknown>);
        const failed = await task.then(
          () => "a result",
          () => "failed",
        );
        await sleep(0);
        return failed;
      }),
      hostSleep(500, "stuck"),
    ]);
    expect(outcome).toBe("failed");
  });
});

describe("5: an idle loop costs nothing", () => {
  test("one request for the earliest deadline, and no turns while it waits", async () => {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    const done = loop.runUntilComplete(() => gather(sleep(30), sleep(10), sleep(20)));
    await turns();
    expect(host.idles.map(({ deadline }) => deadline)).toEqual([10]);
    const { soons } = host;
    await turns();
    expect(host.soons).toBe(soons);
    expect(host.idles).toHaveLength(1);
    for (const time of [10, 20, 30]) {
      host.time = time;
      host.wake?.();
      await turns();
    }
    await done;
    expect(host.alive).toBe(0);
  });

  test("no deadline where no timer is set", async () => {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    const future = loop.createFuture();
    const done = loop.runUntilComplete(future);
    await turns();
    expect(host.idles).toEqual([{ deadline: null, foreign: 0 }]);
    const { soons } = host;
    await turns();
    expect(host.soons).toBe(soons);
    future.setResult();
    await done;
  });

  test("a cancelled timer is no deadline", async () => {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    const future = loop.createFuture();
    loop.callLater(1, () => {}).cancel();
    const done = loop.runUntilComplete(future);
    await turns();
    expect(host.idles.at(-1)?.deadline).toBeNull();
    future.setResult();
    await done;
  });

  test("an early wake-up asks again, and runs nothing", async () => {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    let ran = false;
    loop.callLater(10, () => (ran = true));
    const future = loop.createFuture();
    const done = loop.runUntilComplete(future);
    await turns();
    host.time = 9.5;
    host.wake?.();
    await turns();
    expect(ran).toBe(false);
    expect(host.idles.at(-1)?.deadline).toBe(10);
    future.setResult();
    await done;
  });

  test("code of the host's that settles a future wakes the loop", async () => {
    const host = new FakeHost();
    const loop = new EventLoop({ host });
    const future = loop.createFuture<string>();
    const done = loop.runUntilComplete(async () => await future);
    await turns();
    future.setResult("woken");
    expect(await done).toBe("woken");
  });

  // Real time: what the system's host leaves behind.
  test("after the run nothing of it is left in the host", async () => {
    const own = (): string[] =>
      process.getActiveResourcesInfo().filter((name) => name === "MessagePort" || name === "Timeout");
    const before = own();
    const loop = new EventLoop();
    await loop.runUntilComplete(async () => {
      loop.callLater(3600, () => {});
      await sleep(0.001);
    });
    loop.close();
    await turns();
    expect(own().length).toBeLessThanOrEqual(before.length); // A timer of the test runner's may be over meanwhile.
  });

  test("a timer that is months away does not fire early", async () => {
    const loop = new EventLoop();
    let fired = false;
    loop.callLater(100 * 86_400, () => (fired = true));
    await loop.runUntilComplete(() => sleep(0.02));
    expect(fired).toBe(false);
    loop.close();
  });
});
