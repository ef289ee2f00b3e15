/** Tasks that fork themselves: `Promise.all`, `Promise.race`, async functions that are not awaited at once. */
import { setTimeout as hostSleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { CancelledError, TimeoutError } from "./exceptions.ts";
import { Queue } from "./queues.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { DeadlockError, runVirtual } from "./testing.ts";
import { timeout } from "./timeouts.ts";

describe("branches", () => {
  test("of Promise.all wait at the same time", () =>
    runVirtual(async () => {
      const queue = new Queue<string>();
      getRunningLoop().callLater(2, () => queue.putNowait("item"));
      expect(await Promise.all([sleep(3, "slept"), queue.get(), sleep(1, "short")])).toEqual([
        "slept",
        "item",
        "short",
      ]);
      expect(getRunningLoop().time()).toBe(3);
    }));

  test("of Promise.race: the first wins, the task goes on at that time", () =>
    runVirtual(async () => {
      expect(await Promise.race([sleep(3, "long"), sleep(1, "short")])).toBe("short");
      expect(getRunningLoop().time()).toBe(1);
      await sleep(1);
      expect(getRunningLoop().time()).toBe(2);
    }));

  test("all see the same current task, before and after their waits", () =>
    runVirtual(async () => {
      const me = currentTask();
      const branch = async (first: number): Promise<void> => {
        expect(currentTask()).toBe(me);
        await sleep(first);
        expect(currentTask()).toBe(me);
        await hostSleep(1);
        expect(currentTask()).toBe(me);
        await createTask(() => sleep(1));
        expect(currentTask()).toBe(me);
        await sleep(0);
        expect(currentTask()).toBe(me);
      };
      createTask(async () => {
        for (let i = 0; i < 10; i++) await sleep(0.1);
      });
      await Promise.all([branch(0), branch(1), branch(2)]);
      expect(currentTask()).toBe(me);
    }));

  test("may fork again", () =>
    runVirtual(async () => {
      const tree = async (depth: number): Promise<number> => {
        if (depth === 0) {
          await sleep(1);
          return 1;
        }
        const [left, right] = await Promise.all([tree(depth - 1), tree(depth - 1)]);
        return left + right;
      };
      expect(await tree(6)).toBe(64);
      expect(getRunningLoop().time()).toBe(1);
    }));

  test("a hot call that is awaited later runs meanwhile", () =>
    runVirtual(async () => {
      const hot = sleep(2, "hot");
      await sleep(1);
      expect(await hot).toBe("hot");
      expect(getRunningLoop().time()).toBe(2);
    }));

  test("one that fails ends Promise.all at once, and the others run on", () =>
    runVirtual(async () => {
      const log: string[] = [];
      const fails = async (): Promise<void> => {
        await sleep(1);
        throw new Error("branch");
      };
      const runsOn = async (): Promise<void> => {
        await sleep(2);
        log.push(`branch at ${getRunningLoop().time()} s`);
      };
      await expect(Promise.all([fails(), runsOn()])).rejects.toThrow("branch");
      expect(getRunningLoop().time()).toBe(1);
      await sleep(5);
      expect(log).toEqual(["branch at 2 s"]);
    }));
});

describe("cancelling a forked task", () => {
  test("interrupts all its branches", () =>
    runVirtual(async () => {
      const log: string[] = [];
      const branch = async (name: string, wait: () => Promise<unknown>): Promise<void> => {
        try {
          await wait();
        } catch (thrown) {
          log.push(`${name}: ${(thrown as Error).name}`);
          throw thrown;
        }
      };
      const task = createTask(async () => {
        await Promise.all([
          branch("a", () => sleep(10)),
          branch("b", () => new Queue().get()),
          branch("c", () => createTask(() => sleep(20))),
        ]);
      });
      await sleep(1);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      await sleep(0.5); // The child of "c" needs some turns to end.
      expect(log.sort()).toEqual(["a: CancelledError", "b: CancelledError", "c: CancelledError"]);
    }));

  test("interrupts it though one branch waits for its next turn", () =>
    runVirtual(async () => {
      const spin = async (): Promise<void> => {
        for (let i = 0; i < 1000; i++) await sleep(0);
      };
      const task = createTask(async () => {
        await Promise.all([spin(), spin()]);
      });
      await sleep(0);
      await sleep(0);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
    }));

  test("works a second time, after the first was swallowed", () =>
    runVirtual(async () => {
      const task = createTask(async () => {
        await Promise.all([sleep(10), sleep(20)]).catch(() => {});
        await Promise.all([sleep(10), sleep(20)]);
      });
      await sleep(1);
      task.cancel();
      await sleep(1);
      expect(task.done()).toBe(false);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
    }));

  test("a deadline interrupts Promise.all", () =>
    runVirtual(async () => {
      await expect(timeout(1, () => Promise.all([sleep(5), new Queue().get()]))).rejects.toThrow(TimeoutError);
      expect(getRunningLoop().time()).toBe(1);
      expect(currentTask()?.cancelling()).toBe(0);
    }));
});

describe("a branch that is left behind when its task ends", () => {
  test("runs on in no task, and the loop goes on", () =>
    runVirtual(
      async () => {
        const log: string[] = [];
        const branch = async (): Promise<void> => {
          await sleep(2);
          log.push(`branch in ${currentTask()?.getName() ?? "no task"} at ${getRunningLoop().time()} s`);
          await sleep(2);
          log.push(`branch again at ${getRunningLoop().time()} s`);
        };
        await createTask(async () => {
          void branch();
          await sleep(1);
        });
        await sleep(10);
        expect(log).toEqual(["branch in no task at 2 s", "branch again at 4 s"]);
      },
      { patience: 0.2 },
    ));

  test.each([
    ["first", () => Promise.race([sleep(5), sleep(1)])],
    ["second", () => Promise.race([sleep(1), sleep(5)])],
    ["both", () => Promise.any([sleep(0), sleep(3), sleep(5)])],
  ])("does not hold the clock: the %s wait of a race", (_name, race) =>
    runVirtual(
      async () => {
        await createTask(race);
        await sleep(10);
        expect(getRunningLoop().time()).toBeGreaterThan(9);
      },
      { patience: 0.2 },
    ),
  );

  test("does not get the baton: steps stay in order", () =>
    runVirtual(
      async () => {
        const log: string[] = [];
        await createTask(() => Promise.race([sleep(2), sleep(1)]));
        const ticker = async (name: string): Promise<void> => {
          for (let i = 0; i < 4; i++) {
            log.push(name + i);
            await sleep(1);
          }
        };
        const a = createTask(() => ticker("a"));
        const b = createTask(() => ticker("b"));
        await Promise.all([a, b]);
        expect(log.join(" ")).toBe("a0 b0 a1 b1 a2 b2 a3 b3");
      },
      { patience: 0.2 },
    ));
});

describe("virtual time", () => {
  test("a fork of which nothing can wake up is a deadlock", async () => {
    const stuck = runVirtual(() => Promise.all([new Queue().get(), getRunningLoop().createFuture()]));
    await expect(stuck).rejects.toThrow(DeadlockError);
  });

  test("a foreign promise in one branch is no deadlock of the others", () =>
    runVirtual(async () => {
      const queue = new Queue<number>();
      const feed = async (): Promise<void> => {
        await hostSleep(5);
        await queue.put(1);
      };
      expect(await Promise.all([queue.get(), feed()])).toEqual([1, undefined]);
    }));
});

describe("`then` by hand", () => {
  test("what it returns is of that call, though another was answered before", () =>
    runVirtual(async () => {
      const one = createTask(() => sleep(1, 1));
      const two = createTask(() => sleep(5, 2));
      const first = one.then(
        (value) => value,
        () => 0,
      );
      await sleep(2);
      const second = two.then(
        (value) => value,
        () => 0,
      );
      expect([await first, await second]).toEqual([1, 2]);
    }));

  test("what it returns can be awaited in another task", () =>
    runVirtual(async () => {
      const source = createTask(() => sleep(5, 1));
      const box: { promise?: Promise<number> } = {};
      createTask(async () => {
        box.promise = source.then(
          (value) => value + 1,
          () => 0,
        );
        await sleep(1);
      });
      const reader = createTask(async () => {
        await sleep(2);
        return await box.promise;
      });
      expect(await reader).toBe(2);
    }));

  test("bound functions are functions of the user's", () =>
    runVirtual(async () => {
      const source = createTask(() => sleep(5, 1));
      const increment = ((value: number) => value + 1).bind(null);
      const fail = (() => 0).bind(null);
      expect(await source.then(increment, fail)).toBe(2);
    }));

  test("its handlers run in the task that called it", () =>
    runVirtual(async () => {
      const future = getRunningLoop().createFuture();
      let seen: string | undefined;
      void future.then(
        () => (seen = currentTask()?.getName()),
        () => {},
      );
      createTask(async () => {
        await sleep(1);
        future.setResult();
        await sleep(0);
      });
      await sleep(5);
      expect(seen).toBe(currentTask()?.getName());
    }));

  test("of a done future calls back later, not at once", () =>
    runVirtual(async () => {
      const future = getRunningLoop().createFuture<number>();
      future.setResult(1);
      let seen = 0;
      const promise = future.then(
        (value) => (seen = value),
        () => {},
      );
      expect(seen).toBe(0);
      await promise;
      expect(seen).toBe(1);
    }));

  test("an error of a handler is the promise's", () =>
    runVirtual(async () => {
      const source = createTask(() => sleep(1));
      const chained = source.then(
        () => {
          throw new Error("handler");
        },
        () => {},
      );
      await expect((async () => await chained)()).rejects.toThrow("handler");
    }));

  test("catch and finally work as a promise's", () =>
    runVirtual(async () => {
      const log: string[] = [];
      const fails = createTask(async () => {
        await sleep(1);
        throw new Error("task");
      });
      const value = await fails
        .finally(() => log.push("finally"))
        .catch((thrown: unknown) => (thrown as Error).message);
      expect([...log, value]).toEqual(["finally", "task"]);
    }));
});

test("a cancellation is not lost when one of several waits is over already, and wins the race", () =>
  runVirtual(async () => {
    for (const race of [() => Promise.race([sleep(100), sleep(0)]), () => Promise.race([sleep(0), sleep(100)])]) {
      const log: string[] = [];
      const task = createTask(async () => {
        await race();
        log.push("went on");
        await sleep(1);
        log.push("slept");
      });
      await sleep(0); // It waits for both; its next turn is in the queue.
      task.cancel();
      await task.catch(() => {});
      expect([task.cancelled(), log.includes("slept")]).toEqual([true, false]);
    }
  }));
