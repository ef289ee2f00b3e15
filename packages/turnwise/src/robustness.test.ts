/** Misuse, odd values and large numbers. */
import { describe, expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { EventLoop } from "./events.ts";
import { CancelledError, ExceptionGroup, RuntimeError } from "./exceptions.ts";
import { gather } from "./gather.ts";
import { Queue } from "./queues.ts";
import { Runner } from "./runners.ts";
import { getRunningLoop } from "./running.ts";
import { shield } from "./shield.ts";
import { sleep } from "./sleep.ts";
import { taskGroup } from "./taskgroups.ts";
import { runVirtual } from "./testing.ts";
import { timeout } from "./timeouts.ts";
import { waitFor } from "./wait.ts";
import { growth, LINEAR } from "./testing/growth.ts";

/** Runs `main` under virtual time; errors that nobody awaits are collected. */
async function collecting(main: (heard: unknown[]) => Promise<void>): Promise<void> {
  const heard: unknown[] = [];
  await runVirtual(async () => {
    getRunningLoop().setExceptionHandler((_loop, { exception }) => heard.push(exception));
    await main(heard);
  });
}

describe("bad arguments", () => {
  const cases: [name: string, call: () => unknown, message: RegExp][] = [
    ["createTask(undefined)", () => createTask(undefined as never), /a coroutine was expected.* got undefined/],
    ["createTask({})", () => createTask({} as never), /a coroutine was expected/],
    ["createTask(Object.create(null))", () => createTask(Object.create(null) as never), /a coroutine was expected/],
    ["gather(1)", () => gather(1 as never), /a coroutine was expected.* got 1/],
    ["gather([], {}, 1)", () => (gather as (...args: unknown[]) => unknown)([], {}, 1), /gather\(\) takes/],
    ["sleep('1')", () => sleep("1" as never), /delay must be a number of seconds, got .?1/],
    ["sleep(NaN)", () => sleep(Number.NaN), /NaN/],
    ["callLater('1')", () => getRunningLoop().callLater("1" as never, () => {}), /delay must be a number/],
    ["callSoon(undefined)", () => getRunningLoop().callSoon(undefined as never), /callable/],
    ["new Queue('1')", () => new Queue("1" as never), /maxsize must be a number/],
  ];
  test.each(cases)("%s throws at once", (_name, call, message) =>
    runVirtual(async () => expect(call).toThrow(message)),
  );

  test("timeout and taskGroup without a function say what to write", () =>
    runVirtual(async () => {
      await expect(timeout(5, sleep(1) as never)).rejects.toThrow("the body must be a function");
      await expect(taskGroup(undefined as never)).rejects.toThrow("the body must be a function");
      await expect(timeout("5" as never, () => sleep(1))).rejects.toThrow("delay must be a number of seconds");
    }));

  test("a function that returns no promise is told so", () =>
    runVirtual(async () => {
      await expect(createTask((() => {}) as never)).rejects.toThrow("did you forget `return` or `async`?");
      await expect(createTask((() => 5) as never)).rejects.toThrow("it returned 5");
    }));

  test("outside of a run the errors say so", () => {
    expect(() => createTask(() => sleep(1))).toThrow(new RuntimeError("no running event loop"));
    expect(() => sleep(1)).toThrow(RuntimeError);
    expect(() => new EventLoop().close()).not.toThrow();
  });

  test("a second Runner.run at the same time is refused, and its main never runs", async () => {
    await using runner = new Runner();
    let ran = false;
    const first = runner.run(() => sleep(0.01)); // Real time: a Runner of its own.
    const second = runner.run(async () => {
      ran = true;
    });
    await expect(second).rejects.toThrow(RuntimeError);
    await first;
    expect(ran).toBe(false);
  });
});

describe("errors that are not Error objects", () => {
  const odd: [string, unknown][] = [
    ["a string", "text"],
    ["undefined", undefined],
    ["null", null],
    ["a symbol", Symbol("s")],
    ["an object without a prototype", Object.create(null)],
  ];

  test.each(odd)("%s thrown in a task is what its awaiter catches", (_name, value) =>
    runVirtual(async () => {
      const task = createTask(async () => {
        throw value;
      });
      const caught = await task.then(
        () => "nothing",
        (thrown: unknown) => ({ thrown }),
      );
      expect(caught).toEqual({ thrown: value });
    }),
  );

  test.each(odd)("%s thrown in a group is an error of its ExceptionGroup", async (_name, value) => {
    await Promise.race([
      runVirtual(async () => {
        const group = taskGroup(async (tasks) => {
          tasks.createTask(async () => {
            throw value;
          });
        });
        const thrown = await group.catch((error: unknown) => error);
        expect(thrown).toBeInstanceOf(ExceptionGroup);
        expect((thrown as ExceptionGroup).errors[0]?.cause).toBe(value);
      }),
      new Promise((_, reject) => setTimeout(() => reject(new Error("the loop stands still")), 1000)),
    ]);
  });

  test.each(odd)("%s goes through a shield, and through gather", async (_name, value) => {
    await Promise.race([
      runVirtual(async () => {
        const fail = async (): Promise<never> => {
          await sleep(1);
          throw value;
        };
        for (const wrap of [shield, gather]) {
          const caught = await (wrap as (fn: () => Promise<never>) => Promise<unknown>)(fail).then(
            () => "nothing",
            (thrown: unknown) => ({ thrown }),
          );
          expect(caught).toEqual({ thrown: value });
        }
      }),
      new Promise((_, reject) => setTimeout(() => reject(new Error("the loop stands still")), 1000)),
    ]);
  });

  test.each(odd)("%s that nobody awaits is reported", (_name, value) => {
    const heard: unknown[] = [];
    return runVirtual(async () => {
      getRunningLoop().setExceptionHandler((_loop, { exception }) => heard.push(exception));
      createTask(async () => {
        throw value;
      });
      await sleep(1);
    }).then(() => expect(heard).toEqual([value]));
  });
});

describe("what is passed through", () => {
  test("a promise that has begun is adopted", () =>
    runVirtual(async () => {
      const begun = (async () => "value")();
      expect(await createTask(begun)).toBe("value");
    }));

  test("an adopted promise that rejects before its task starts is no unhandled rejection", () =>
    runVirtual(async () => {
      const task = createTask(Promise.reject(new Error("early")));
      await expect(task).rejects.toThrow("early");
    }));

  test("thenables of other libraries are awaited", () =>
    runVirtual(async () => {
      const thenable = { then: (resolve: (value: string) => void) => resolve("value") } as PromiseLike<string>;
      expect(await createTask(() => thenable)).toBe("value");
      expect(await gather(thenable)).toEqual(["value"]);
      expect(await waitFor(thenable, 1)).toBe("value");
    }));

  test("a task that returns a task or a future gives that one's result", () =>
    runVirtual(async () => {
      const outer = createTask(async () => createTask(() => sleep(1, "inner")));
      expect(await outer).toBe("inner");
      const direct = createTask(() => createTask(() => sleep(1, "direct")));
      expect(await direct).toBe("direct");
    }));

  test("a done callback that was removed does not run; one that was added twice runs twice", () =>
    runVirtual(async () => {
      const log: string[] = [];
      const future = getRunningLoop().createFuture();
      const removed = (): unknown => log.push("removed");
      const twice = (): unknown => log.push("twice");
      for (const callback of [removed, twice, removed, twice]) future.addDoneCallback(callback);
      expect(future.removeDoneCallback(removed)).toBe(2);
      expect(future.removeDoneCallback(removed)).toBe(0);
      future.setResult();
      await sleep(0);
      expect(log).toEqual(["twice", "twice"]);
    }));

  test("what the code of a cancelled task still throws is not lost", () =>
    collecting(async (heard) => {
      const task = createTask(async () => {
        try {
          await sleep(10);
        } catch {
          throw new Error("in the clean-up");
        }
      });
      await sleep(1);
      task.cancel();
      await expect(task).rejects.toThrow("in the clean-up");
      expect(heard).toEqual([]);
    }));
});

describe("large numbers", () => {
  test("100,000 tasks that are ready at once", () =>
    runVirtual(async () => {
      let ran = 0;
      const one = async (): Promise<void> => {
        ran++;
        await sleep(0);
        ran++;
      };
      for (let i = 0; i < 100_000; i++) createTask(one);
      await sleep(1);
      expect(ran).toBe(200_000);
    }));

  test("a chain of 10,000 tasks, each awaiting the next, is cancelled from one end to the other", () =>
    runVirtual(async () => {
      let finallies = 0;
      let last = createTask(() => sleep(1000));
      for (let i = 0; i < 10_000; i++) {
        const next = last;
        last = createTask(async () => {
          try {
            await next;
          } finally {
            finallies++;
          }
        });
      }
      await sleep(1);
      last.cancel("stop");
      await expect(last).rejects.toThrow(new CancelledError("stop"));
      expect(finallies).toBe(10_000);
    }));

  test("a chain of 500 tasks through gather is cancelled too", () =>
    runVirtual(async () => {
      let last: Promise<unknown> & { cancel(): boolean } = createTask(() => sleep(1000));
      for (let i = 0; i < 500; i++) {
        const next = last;
        last = createTask(() => gather(next));
      }
      await sleep(1);
      last.cancel();
      await expect(last).rejects.toThrow(CancelledError);
    }));

  test("waiters on one shielded task are cancelled at the same cost each, however many they are", async () => {
    const cancelWaiters = (n: number): Promise<void> =>
      runVirtual(async () => {
        const inner = createTask(() => sleep(1000));
        const waiters = Array.from({ length: n }, () => createTask(() => shield(inner)));
        await sleep(1);
        for (const waiter of waiters) waiter.cancel();
        for (const waiter of waiters) await waiter.catch(() => {});
        expect(inner.done()).toBe(false);
      });
    expect(await growth(500, cancelWaiters)).toBeLessThan(LINEAR);
  });

  test.each([
    ["wait", () => sleep(1)],
    ["yield", () => sleep(0)],
  ])("eager tasks that %s cost the same each, however many they are", async (_name, body) => {
    const startAll = (n: number): Promise<unknown> =>
      runVirtual(() => gather(Array.from({ length: n }, () => createTask(body, { eagerStart: true }))));
    expect(await growth(2_000, startAll)).toBeLessThan(LINEAR);
  });

  test("100,000 timers that are cancelled in bulk", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const handles = Array.from({ length: 100_000 }, (_, i) => loop.callLater(i, () => {}));
      for (const handle of handles) handle.cancel();
      await sleep(1);
    }));
});

test("a gather of what is no awaitable throws, and leaves nothing behind that complains later", () =>
  runVirtual(async () => {
    const reports: string[] = [];
    getRunningLoop().setExceptionHandler((_, { message }) => reports.push(message));
    const failing = createTask(async () => {
      throw new Error("mine");
    });
    expect(() => gather(failing, { returnExceptions: true } as never)).toThrow(TypeError);
    await expect(failing).rejects.toThrow("mine");
    await sleep(1);
    getRunningLoop()._failures.reportAll();
    expect(reports).toEqual([]);
  }));
