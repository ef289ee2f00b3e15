/** `interruptible`, and signals in both directions. */
import { getEventListeners } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as hostSleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createTask } from "./coroutines.ts";
import { CancelledError, ExceptionGroup, TimeoutError } from "./exceptions.ts";
import { interruptible } from "./interruptible.ts";
import { run } from "./runners.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { taskGroup } from "./taskgroups.ts";
import type { Task } from "./tasks.ts";
import { runVirtual } from "./testing.ts";
import { timeout } from "./timeouts.ts";
import { growth, LINEAR } from "./testing/growth.ts";

const never = (): Promise<never> => new Promise<never>(() => {});

/** Waits for real until the host had a few turns: so that foreign promises settle. */
async function turns(): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe("interruptible", () => {
  test("gives the promise's result", () =>
    runVirtual(async () => {
      expect(await interruptible(hostSleep(1, "value"))).toBe("value");
      expect(await interruptible(async () => "value")).toBe("value");
    }));

  test("throws what the promise throws", () =>
    runVirtual(async () => {
      await expect(interruptible(Promise.reject(new Error("no")))).rejects.toThrow("no");
    }));

  test("goes on at once when the task is cancelled", () =>
    runVirtual(async () => {
      const task = createTask(async () => await interruptible(never()));
      await turns();
      task.cancel("stop");
      await expect(task).rejects.toThrow(new CancelledError("stop"));
    }));

  test("aborts the function's signal with the CancelledError", () =>
    runVirtual(async () => {
      let signal: AbortSignal | undefined;
      const task = createTask(async () => {
        await interruptible((given) => {
          signal = given;
          return never();
        });
      });
      await turns();
      expect(signal?.aborted).toBe(false);
      task.cancel("stop");
      await expect(task).rejects.toThrow(CancelledError);
      expect(signal?.reason).toEqual(new CancelledError("stop"));
    }));

  test("delivers one cancellation once, though the work rejects because of it", () =>
    runVirtual(async () => {
      const log: string[] = [];
      const task = createTask(async () => {
        try {
          await interruptible((signal) => hostSleep(10_000, null, { signal }));
        } catch (thrown) {
          log.push((thrown as Error).name);
          currentTask()?.uncancel();
        }
        await sleep(1);
        log.push("went on");
      });
      await turns();
      task.cancel();
      await task;
      expect(log).toEqual(["CancelledError", "went on"]);
    }));

  test("drops a rejection that comes after the cancellation", () =>
    runVirtual(async () => {
      const heard: unknown[] = [];
      getRunningLoop().setExceptionHandler((_loop, context) => heard.push(context));
      const { promise, reject } = Promise.withResolvers<void>();
      const task = createTask(async () => await interruptible(promise));
      await turns();
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      reject(new Error("late"));
      await turns();
      expect(heard).toEqual([]);
    }));

  test("lets an error through that the function throws at once", () =>
    runVirtual(async () => {
      expect(() =>
        interruptible(() => {
          throw new Error("at once");
        }),
      ).toThrow("at once");
      await sleep(10);
    }));

  test("says so if the function returns no promise, and holds no clock afterwards", () =>
    runVirtual(
      async () => {
        expect(() => interruptible((() => 5) as never)).toThrow(TypeError);
        await sleep(10);
      },
      { patience: 0.1 },
    ));

  test("says so if it is given neither a promise nor a function", () =>
    runVirtual(async () => {
      expect(() => interruptible(5 as never)).toThrow(/was expected.* got 5/);
    }));

  test("survives a thenable whose `then` throws", () =>
    runVirtual(
      async () => {
        const thenable = {
          then() {
            throw new Error("hostile");
          },
        } as unknown as PromiseLike<void>;
        await expect((async () => await interruptible(thenable))()).rejects.toThrow("hostile");
        await sleep(10);
      },
      { patience: 0.1 },
    ));

  test("of something of ours passes the cancellation, and holds no clock", () =>
    runVirtual(
      async () => {
        const task = createTask(async () => await interruptible(sleep(10)));
        await sleep(1);
        task.cancel();
        await expect(task).rejects.toThrow(CancelledError);
        expect(getRunningLoop().time()).toBe(1);
      },
      { patience: 0.1 },
    ));

  test("survives an abort listener that cancels the task again", () =>
    runVirtual(
      async () => {
        const task: Task<unknown> = createTask(async () => {
          await interruptible((signal) => {
            signal.addEventListener("abort", () => task.cancel("again"));
            return never();
          });
        });
        await turns();
        task.cancel();
        await expect(task).rejects.toThrow(CancelledError);
        // The count of foreign waits is right: the clock is still held for this one.
        expect(await hostSleep(5, "settled")).toBe("settled");
      },
      { patience: 0.5 },
    ));
});

describe("task.signal", () => {
  test("aborts a fetch when the task is cancelled", async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      // Real time: a virtual clock stands while the fetch is out.
      await run(async () => {
        const task = createTask(async () => {
          await fetch(url, { signal: (currentTask() as Task<unknown>).signal });
        });
        await sleep(0.05);
        task.cancel("stop");
        await expect(task).rejects.toThrow(new CancelledError("stop"));
        expect(task.cancelled()).toBe(true);
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("is the same until uncancel reaches 0, then a new one", () =>
    runVirtual(async () => {
      const task = currentTask() as Task<unknown>;
      const first = task.signal;
      expect(task.signal).toBe(first);
      task.cancel();
      task.cancel();
      expect(first.aborted).toBe(true);
      task.uncancel();
      expect(task.signal).toBe(first);
      task.uncancel();
      expect(task.signal).not.toBe(first);
      expect(task.signal.aborted).toBe(false);
      await sleep(1);
    }));

  test("is aborted already if it is first asked for after the cancellation", () =>
    runVirtual(async () => {
      const task = createTask(async () => {
        try {
          await sleep(10);
        } finally {
          expect(currentTask()?.signal.aborted).toBe(true);
          expect(currentTask()?.signal.reason).toBeInstanceOf(CancelledError);
        }
      });
      await sleep(1);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
    }));

  test("turns a timeout's deadline into a TimeoutError, through a foreign wait", async () => {
    // Real time: a virtual clock stands while a foreign promise is out.
    await run(async () => {
      const body = timeout(0.01, async () => {
        await hostSleep(60_000, null, { signal: (currentTask() as Task<unknown>).signal });
      });
      await expect(body).rejects.toThrow(TimeoutError);
      expect(currentTask()?.cancelling()).toBe(0);
      expect(currentTask()?.signal.aborted).toBe(false);
    });
  });

  test("costs nothing unless it is asked for", () =>
    runVirtual(async () => {
      const { AbortController: Original } = globalThis;
      let made = 0;
      globalThis.AbortController = class extends Original {
        constructor() {
          super();
          made++;
        }
      };
      try {
        const task = createTask(() => sleep(10));
        await sleep(1);
        task.cancel();
        await expect(task).rejects.toThrow(CancelledError);
        await timeout(1, () => taskGroup(async () => {}));
        expect(made).toBe(0);
      } finally {
        globalThis.AbortController = Original;
      }
    }));
});

describe("{ signal }", () => {
  test("cancels a task, with the reason's message", () =>
    runVirtual(async () => {
      const controller = new AbortController();
      const task = createTask(() => sleep(10), { signal: controller.signal });
      await sleep(1);
      controller.abort(new Error("enough"));
      await expect(task).rejects.toThrow(new CancelledError("enough"));
    }));

  test("that is aborted already: the task never runs", () =>
    runVirtual(async () => {
      let ran = false;
      const fn = async (): Promise<void> => {
        ran = true;
      };
      await expect(createTask(fn, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
      expect(ran).toBe(false);
    }));

  test("that is aborted already: an eager task never runs either", () =>
    runVirtual(async () => {
      let ran = false;
      const fn = async (): Promise<void> => {
        ran = true;
        await sleep(1);
      };
      await expect(createTask(fn, { signal: AbortSignal.abort(), eagerStart: true })).rejects.toThrow(CancelledError);
      expect(ran).toBe(false);
    }));

  test("ends a timeout's body, and its reason is thrown", () =>
    runVirtual(async () => {
      const controller = new AbortController();
      getRunningLoop().callLater(1, () => controller.abort(new Error("enough")));
      const reason = new Error("enough");
      await expect(timeout(10, () => sleep(5), { signal: controller.signal })).rejects.toThrow(reason);
      expect(currentTask()?.cancelling()).toBe(0);
      expect(getRunningLoop().time()).toBe(1);
    }));

  test("ends a group, and its reason is thrown", () =>
    runVirtual(async () => {
      const controller = new AbortController();
      getRunningLoop().callLater(1, () => controller.abort(new Error("enough")));
      let child: Task<void> | undefined;
      const group = taskGroup(
        async (tasks) => {
          child = tasks.createTask(() => sleep(10));
          await sleep(10);
        },
        { signal: controller.signal },
      );
      await expect(group).rejects.toThrow(new Error("enough"));
      expect(child?.cancelled()).toBe(true);
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("that is aborted already ends a group with its reason, though the body starts tasks", () =>
    runVirtual(async () => {
      const group = taskGroup(async (tasks) => void tasks.createTask(() => sleep(1)), {
        signal: AbortSignal.abort(new Error("enough")),
      });
      const thrown: unknown = await group.catch((error: unknown) => error);
      expect(thrown).not.toBeInstanceOf(ExceptionGroup);
      expect(thrown).toEqual(new Error("enough"));
    }));

  test("that is aborted already ends a timeout's body at its first wait", () =>
    runVirtual(async () => {
      const body = timeout(10, () => sleep(5), { signal: AbortSignal.abort(new Error("enough")) });
      await expect(body).rejects.toThrow(new Error("enough"));
      expect(currentTask()?.cancelling()).toBe(0);
    }));

  test("of `run` cancels the main task", async () => {
    const controller = new AbortController();
    const done = run(() => sleep(60), { signal: controller.signal });
    setImmediate(() => controller.abort(new Error("enough")));
    await expect(done).rejects.toThrow(new CancelledError("enough"));
  });

  test("a body that returns as its signal aborts leaves no request to cancel behind", () =>
    runVirtual(async () => {
      const controller = new AbortController();
      await timeout(
        10,
        async () => {
          controller.abort();
        },
        { signal: controller.signal },
      );
      expect(currentTask()?.cancelling()).toBe(0);
      await sleep(1);
    }));

  test("an outer cancellation and an abort at the same time end as the outer cancellation", () =>
    runVirtual(async () => {
      const controller = new AbortController();
      const task = createTask(() => timeout(10, () => sleep(5), { signal: controller.signal }));
      await sleep(1);
      controller.abort(new Error("enough"));
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      expect(task.cancelled()).toBe(true);
    }));

  test("tasks on one signal have one listener, and cost the same each, however many they are", async () => {
    const startAll = (n: number): Promise<void> =>
      runVirtual(async () => {
        const { signal } = new AbortController();
        const tasks = Array.from({ length: n }, () => createTask(() => sleep(1), { signal }));
        expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
        for (const task of tasks) await task;
        expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
      });
    expect(await growth(1_000, startAll)).toBeLessThan(LINEAR);
  });

  test("10,000 tasks are cancelled by one abort", () =>
    runVirtual(async () => {
      const controller = new AbortController();
      const tasks = Array.from({ length: 10_000 }, () => createTask(() => sleep(1), { signal: controller.signal }));
      await sleep(0.5);
      controller.abort();
      await sleep(0);
      await sleep(0);
      expect(tasks.every((task) => task.cancelled())).toBe(true);
    }));

  test("AbortSignal.timeout and AbortSignal.any work", async () => {
    // Real time: `AbortSignal.timeout` has no other.
    await run(async () => {
      const signal = AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]);
      await expect(timeout(null, () => sleep(10), { signal })).rejects.toMatchObject({ name: "TimeoutError" });
    });
  });
});
