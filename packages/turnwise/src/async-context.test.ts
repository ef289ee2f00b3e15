/** The user's own `AsyncLocalStorage`s beside ours, and context variables. */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { setTimeout as hostSleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { currentScope, runInScope } from "./async-context.ts";
import { Context, ContextVar, copyContext } from "./contextvars.ts";
import { createTask } from "./coroutines.ts";
import { LookupError, RuntimeError } from "./exceptions.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { sleep } from "./sleep.ts";
import { runVirtual } from "./testing.ts";

describe("an AsyncLocalStorage of the user's", () => {
  const storage = new AsyncLocalStorage<string>();

  test("goes into a task that is created in it, through every kind of wait", () =>
    runVirtual(async () => {
      const seen: (string | undefined)[] = [];
      const task = storage.run("inside", () =>
        createTask(async () => {
          seen.push(storage.getStore());
          await sleep(1);
          seen.push(storage.getStore());
          await hostSleep(1);
          seen.push(storage.getStore());
          await createTask(async () => void seen.push(storage.getStore()));
          await sleep(0);
          seen.push(storage.getStore());
        }),
      );
      await task;
      expect(seen).toEqual(["inside", "inside", "inside", "inside", "inside"]);
      expect(storage.getStore()).toBeUndefined();
    }));

  test("stays where Turnwise's own code leaves the task, also if it was set in it", () =>
    runVirtual(async () => {
      const seen: unknown[] = [];
      const look = (): unknown => seen.push(currentTask(), storage.getStore());
      const leave = (): unknown => runInScope(undefined, look);
      leave();
      storage.run("inside", leave);
      storage.run("inside", () => void runInScope(undefined, () => runInScope(currentScope(), look)));
      await createTask(async () => leave());
      expect(seen).toEqual([null, undefined, null, "inside", null, "inside", null, undefined]);
      expect(currentTask()).not.toBeNull();
    }));

  test("goes into callbacks, timers and done callbacks", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const seen: Record<string, string | undefined> = {};
      const future = loop.createFuture();
      storage.run("inside", () => {
        loop.callSoon(() => (seen["callSoon"] = storage.getStore()));
        loop.callLater(1, () => (seen["callLater"] = storage.getStore()));
        future.addDoneCallback(() => (seen["done"] = storage.getStore()));
      });
      storage.run("elsewhere", () => future.setResult());
      await sleep(2);
      expect(seen).toEqual({ callSoon: "inside", callLater: "inside", done: "inside" });
    }));

  test("survives waits inside als.run in a task, and ends with it", () =>
    runVirtual(async () => {
      const inside = await storage.run("inside", async () => {
        await sleep(1);
        expect(currentTask()).not.toBeNull();
        await hostSleep(1);
        return storage.getStore();
      });
      expect(inside).toBe("inside");
      expect(storage.getStore()).toBeUndefined();
    }));

  test("set by enterWith in a task stays in that task", () =>
    runVirtual(async () => {
      const me = currentTask();
      const seen: (string | undefined)[] = [];
      const task = createTask(async () => {
        storage.enterWith("entered");
        const mine = currentTask();
        await sleep(1);
        seen.push(storage.getStore());
        expect(currentTask()).toBe(mine);
        await createTask(async () => void seen.push(storage.getStore()));
      });
      await sleep(0.5);
      expect(storage.getStore()).toBeUndefined();
      await task;
      expect(seen).toEqual(["entered", "entered"]);
      expect(currentTask()).toBe(me);
      expect(storage.getStore()).toBeUndefined();
    }));

  test("keeps apart from a second one", () =>
    runVirtual(async () => {
      const other = new AsyncLocalStorage<number>();
      const worker = (name: string, n: number) =>
        storage.run(name, () =>
          createTask(async () => {
            for (let i = 0; i < 5; i++) {
              await other.run(n + i, async () => {
                await sleep(0);
                expect([storage.getStore(), other.getStore()]).toEqual([name, n + i]);
              });
              expect([storage.getStore(), other.getStore()]).toEqual([name, undefined]);
            }
          }),
        );
      await Promise.all([worker("a", 10), worker("b", 20)]);
    }));

  test("exit leaves it, and keeps the task", () =>
    runVirtual(async () => {
      await storage.run("inside", async () => {
        await storage.exit(async () => {
          expect(storage.getStore()).toBeUndefined();
          await sleep(1);
          expect(storage.getStore()).toBeUndefined();
          expect(currentTask()).not.toBeNull();
        });
        expect(storage.getStore()).toBe("inside");
      });
    }));

  test("snapshot, bind and AsyncResource carry it and the task", () =>
    runVirtual(async () => {
      const name = currentTask()?.getName();
      const look = () => [storage.getStore(), currentTask()?.getName()];
      const [snapshot, bound, resource] = storage.run(
        "inside",
        () => [AsyncLocalStorage.snapshot(), AsyncLocalStorage.bind(look), new AsyncResource("test")] as const,
      );
      await createTask(async () => {
        expect(snapshot(look)).toEqual(["inside", name]);
        expect(bound()).toEqual(["inside", name]);
        expect(resource.runInAsyncScope(look)).toEqual(["inside", name]);
      });
    }));

  test("comes back out of a run unchanged", async () => {
    await storage.run("outside", async () => {
      await runVirtual(async () => {
        expect(storage.getStore()).toBe("outside");
        storage.enterWith("changed");
        await sleep(1);
      });
      expect(storage.getStore()).toBe("outside");
    });
  });

  test("a listener that was set outside of the loop sees no task", () =>
    runVirtual(async () => {
      const target = new EventTarget();
      let seen: unknown = "not called";
      AsyncLocalStorage.snapshot();
      target.addEventListener("ping", () => {
        seen = currentTask();
      });
      getRunningLoop().callSoon(() => target.dispatchEvent(new Event("ping")));
      await sleep(1);
      expect(seen).toBeNull();
    }));
});

describe("context variables", () => {
  test("a task gets a copy: what it sets is its own", () =>
    runVirtual(async () => {
      const variable = new ContextVar<string>("v", { defaultValue: "default" });
      variable.set("mine");
      const task = createTask(async () => {
        const inherited = variable.get();
        variable.set("theirs");
        await sleep(1);
        return [inherited, variable.get()];
      });
      await sleep(0);
      variable.set("changed");
      expect(await task).toEqual(["mine", "theirs"]);
      expect(variable.get()).toBe("changed");
    }));

  test("a task's copy is taken when it is made, not when it starts", () =>
    runVirtual(async () => {
      const variable = new ContextVar<number>("v");
      variable.set(1);
      const task = createTask(async () => variable.get());
      variable.set(2);
      expect(await task).toBe(1);
    }));

  test("a callback gets a copy, and what it sets reaches the callbacks that it leaves", () =>
    runVirtual(async () => {
      const loop = getRunningLoop();
      const variable = new ContextVar<number>("v", { defaultValue: 0 });
      const seen: number[] = [];
      loop.callSoon(() => {
        variable.set(1);
        loop.callSoon(() => seen.push(variable.get()));
        variable.set(2);
        seen.push(variable.get());
      });
      loop.callSoon(() => seen.push(variable.get()));
      await sleep(1);
      expect(seen).toEqual([2, 0, 1]);
      expect(variable.get()).toBe(0);
    }));

  test("the `context` option shares a context between tasks and callbacks", () =>
    runVirtual(async () => {
      const variable = new ContextVar<number>("v", { defaultValue: 0 });
      const context = copyContext();
      await createTask(async () => void variable.set(1), { context });
      getRunningLoop().callSoonIn({ context }, () => variable.set(variable.get() + 1));
      await sleep(0);
      expect([context.get(variable), variable.get()]).toEqual([2, 0]);
    }));

  test("Context.run with an async function holds through its waits", () =>
    runVirtual(async () => {
      const variable = new ContextVar<string>("v", { defaultValue: "default" });
      const context = new Context();
      const me = currentTask();
      const inside = await context.run(async () => {
        variable.set("inside");
        await sleep(1);
        expect(currentTask()).toBe(me);
        await hostSleep(1);
        return variable.get();
      });
      expect(inside).toBe("inside");
      expect([context.get(variable), variable.get()]).toEqual(["inside", "default"]);
    }));

  test("Context.run passes arguments, results and errors on, and can't be entered twice at once", () => {
    const context = new Context();
    expect(context.run((a: number, b: number) => a + b, 1, 2)).toBe(3);
    expect(() =>
      context.run(() => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(() => context.run(() => context.run(() => {}))).toThrow(RuntimeError);
    expect(context.run(() => "free again")).toBe("free again");
  });

  test("a token gives back the value before, once, and only to its variable", () => {
    new Context().run(() => {
      const variable = new ContextVar<number>("v");
      const other = new ContextVar<number>("other");
      const first = variable.set(1);
      const second = variable.set(2);
      expect(second.oldValue).toBe(1);
      expect(() => other.reset(second)).toThrow(RangeError);
      variable.reset(second);
      expect(variable.get()).toBe(1);
      expect(() => variable.reset(second)).toThrow("already been used");
      variable.reset(first);
      expect(() => variable.get()).toThrow(LookupError);
      expect(variable.get(7)).toBe(7);
    });
  });

  test("undefined is a value", () => {
    new Context().run(() => {
      const variable = new ContextVar<number | undefined>("v", { defaultValue: 1 });
      variable.set(undefined);
      expect(variable.get()).toBeUndefined();
      expect(new ContextVar("d", { defaultValue: undefined }).get()).toBeUndefined();
    });
  });

  test("set in one branch of a task is seen in the other: they are one task", () =>
    runVirtual(async () => {
      const variable = new ContextVar<number>("v", { defaultValue: 0 });
      const reads = async (): Promise<number> => {
        await sleep(2);
        return variable.get();
      };
      const sets = async (): Promise<void> => {
        await sleep(1);
        variable.set(5);
      };
      expect(await Promise.all([reads(), sets()])).toEqual([5, undefined]);
    }));

  test("set before a run are seen in it, and stay unchanged outside", async () => {
    const variable = new ContextVar<string>("v");
    const before = variable.set("outside");
    const inside = await runVirtual(async () => {
      const seen = variable.get();
      variable.set("inside");
      await sleep(1);
      return seen;
    });
    expect([inside, variable.get()]).toEqual(["outside", "outside"]);
    variable.reset(before);
  });
});
