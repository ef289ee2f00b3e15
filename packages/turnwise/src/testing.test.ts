/** `runVirtual`. */
import { setTimeout as hostSleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { createTask } from "./coroutines.ts";
import { gather } from "./gather.ts";
import { Lock } from "./locks.ts";
import { Queue } from "./queues.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { taskGroup } from "./taskgroups.ts";
import { DeadlockError, ForeignWaitError, runVirtual } from "./testing.ts";
import { timeout } from "./timeouts.ts";

describe("the clock", () => {
  // The test's time limit is what an hour must not take.
  test("starts at 0 and jumps: an hour takes milliseconds", async () => {
    const times = await runVirtual(async () => {
      const loop = getRunningLoop();
      const start = loop.time();
      await sleep(3600);
      return [start, loop.time()];
    });
    expect(times).toEqual([0, 3600]);
  });

  test("holds while a foreign promise is awaited", () =>
    runVirtual(async () => {
      const log: string[] = [];
      createTask(async () => {
        await sleep(1);
        log.push("slept");
      });
      await hostSleep(20);
      log.push("foreign");
      await sleep(2);
      expect(log).toEqual(["foreign", "slept"]);
    }));

  test("each run has its own, two at once too", async () => {
    const program = async (): Promise<number> => {
      await sleep(10);
      return getRunningLoop().time();
    };
    expect(await Promise.all([runVirtual(program), runVirtual(program)])).toEqual([10, 10]);
  });

  test("works with Vitest's fake timers installed", async () => {
    vi.useFakeTimers();
    try {
      const time = await runVirtual(async () => {
        await sleep(60);
        await Promise.resolve();
        return getRunningLoop().time();
      });
      expect(time).toBe(60);
    } finally {
      vi.useRealTimers();
    }
  });

  test("10,000 sleeps in a row and 10,000 at once are fast", () =>
    runVirtual(async () => {
      await gather(Array.from({ length: 10_000 }, (_, i) => () => sleep(i / 100)));
      for (let i = 0; i < 10_000; i++) await sleep(1);
      expect(getRunningLoop().time()).toBeCloseTo(10_099.99);
    }));
});

describe("a deadlock", () => {
  test("is reported with the tasks, and what each waits for", async () => {
    const stuck = runVirtual(async () => {
      const lock = new Lock();
      await lock.acquire();
      createTask(() => lock.acquire(), { name: "second" });
      const third = createTask(() => new Queue().get(), { name: "third" });
      await third;
    });
    await expect(stuck).rejects.toThrow(DeadlockError);
    const { message } = (await stuck.catch((thrown: unknown) => thrown)) as Error;
    expect(message).toMatch(/deadlock at 0 s/);
    expect(message).toMatch(/Task-\d+: waits for the task third/);
    expect(message).toMatch(/second: waits for .*Lock|second: waits for a future/);
    expect(message).toMatch(/third: waits for .*Queue|third: waits for a future/);
  });

  test("tells the time at which it happened", async () => {
    const stuck = runVirtual(async () => {
      await sleep(5);
      await getRunningLoop().createFuture();
    });
    await expect(stuck).rejects.toThrow("deadlock at 5 s");
  });

  test("lets the tasks clean up, with waits", async () => {
    const log: string[] = [];
    const stuck = runVirtual(async () => {
      try {
        await new Queue().get();
      } finally {
        await sleep(1);
        log.push(`cleaned up at ${getRunningLoop().time()} s`);
      }
    });
    await expect(stuck).rejects.toThrow(DeadlockError);
    expect(log).toEqual(["cleaned up at 1 s"]);
  });

  test("in the clean-up after it is not a second error", async () => {
    const stuck = runVirtual(async () => {
      try {
        await new Queue().get();
      } finally {
        await getRunningLoop().createFuture();
      }
    });
    await expect(stuck).rejects.toThrow(DeadlockError);
  });

  test("is none while a timeout is set", () =>
    runVirtual(async () => {
      await expect(timeout(5, () => new Queue().get())).rejects.toThrow("");
      expect(getRunningLoop().time()).toBe(5);
    }));
});

describe("a foreign promise that never settles", () => {
  test("is a ForeignWaitError that names the task, after `patience`", async () => {
    const stuck = runVirtual(
      async () => {
        createTask(() => new Promise(() => {}), { name: "hangs" });
        await sleep(1);
      },
      { patience: 0.05 },
    );
    await expect(stuck).rejects.toThrow(ForeignWaitError);
    await expect(stuck).rejects.toThrow(/hangs: waits for a promise that is not Turnwise's/);
  });

  test("of a task that was cancelled before it started holds no clock", () =>
    runVirtual(
      async () => {
        const task = createTask(new Promise(() => {}));
        task.cancel();
        await task.catch(() => {});
        await sleep(1);
      },
      { patience: 0.05 },
    ));

  test("is waited for as long as others settle", () =>
    runVirtual(
      async () => {
        for (let i = 0; i < 4; i++) await hostSleep(40);
      },
      { patience: 0.12 },
    ));
});

describe("the end of a run", () => {
  test("cancels and awaits what is left", async () => {
    const log: string[] = [];
    await runVirtual(async () => {
      createTask(async () => {
        try {
          await sleep(100);
        } finally {
          await sleep(1);
          log.push(`left at ${getRunningLoop().time()} s`);
        }
      });
      await sleep(1);
    });
    expect(log).toEqual(["left at 2 s"]);
  });

  test("throws what the program throws", async () => {
    await expect(
      runVirtual(async () => {
        await sleep(1);
        throw new Error("mine");
      }),
    ).rejects.toThrow("mine");
  });

  test("inside a running loop is refused", () =>
    runVirtual(async () => {
      await expect(runVirtual(() => sleep(1))).rejects.toThrow("cannot be called from a running event loop");
      await sleep(1);
    }));

  test("leaves no task current, and no loop running", async () => {
    await runVirtual(() => taskGroup(async (group) => void group.createTask(() => sleep(1))));
    expect(currentTask()).toBeNull();
    expect(() => getRunningLoop()).toThrow("no running event loop");
  });
});
