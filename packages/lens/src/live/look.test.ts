import { runInThisContext } from "node:vm";
import * as asyncio from "turnwise";
import { expect, test, vi } from "vitest";
import { look } from "./look.ts";
import type { Snapshot, SnapshotTask } from "./snapshot.ts";

const { createTask, gather, Lock, Queue, shield, sleep, taskGroup, wait } = asyncio;

/** What is seen of `program` after it has begun to wait for a moment. The first task is the one that looks. */
async function seen(program: () => unknown, options: asyncio.RunOptions = {}): Promise<Snapshot> {
  return await asyncio.run(async () => {
    program();
    for (let i = 0; i < 5; i++) await sleep(0);
    return look();
  }, options);
}

/** A task that is called `name`. */
function start(name: string, fn: () => Promise<unknown>): asyncio.Task<unknown> {
  return createTask(fn, { name });
}

function named({ tasks }: Snapshot, name: string): SnapshotTask {
  const found = tasks.find((task) => task.name === name);
  if (found === undefined) throw new Error(`no task ${name}`);
  return found;
}

test("it is plain data", async () => {
  const snapshot = await seen(() => start("a", () => sleep(1)));
  expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  expect(snapshot).toMatchObject({ format: "turnwise-snapshot", version: 1, process: { pid: process.pid } });
});

test("without a loop there are no tasks", async () => {
  await asyncio.run(() => sleep(0));
  expect(look()).toMatchObject({ turnwise: true, loops: [], tasks: [] });
});

test("each state is told from the others", async () => {
  const { promise, resolve: settle } = Promise.withResolvers<void>();
  const snapshot = await asyncio.run(async () => {
    start("waits", () => sleep(1));
    start("foreign", () => promise);
    await new Promise((resolve) => setTimeout(resolve, 20));
    start("takes turns", async () => {
      for (;;) await sleep(0);
    });
    await sleep(0);
    await sleep(0);
    start("new", () => sleep(1));
    setTimeout(settle);
    return look();
  });
  expect(Object.fromEntries(snapshot.tasks.map(({ name, state }) => [name, state]))).toMatchObject({
    waits: "waiting",
    foreign: "foreign",
    "takes turns": "ready",
    new: "not begun",
  });
  expect(snapshot.tasks[0]?.state).toBe("running");
  expect(snapshot.loops[0]?.states).toEqual({ running: 1, ready: 1, waiting: 1, foreign: 1, "not begun": 1 });
});

test("a task that was answered and has not had its turn is ready", async () => {
  const snapshot = await asyncio.run(async () => {
    const future = asyncio.getRunningLoop().createFuture<number>();
    start("reader", async () => await future);
    await sleep(0);
    future.setResult(1);
    return look();
  });
  expect(named(snapshot, "reader")).toMatchObject({ state: "ready", on: "", onTasks: [] });
});

test("what is done is not shown", async () => {
  const { tasks } = await seen(() => start("done", () => sleep(0)));
  expect(tasks).toHaveLength(1);
});

test("the task that another awaits is named, and knows who awaits it", async () => {
  const snapshot = await seen(() => {
    const inner = start("inner", () => sleep(1));
    start("outer", async () => await inner);
  });
  const [inner, outer] = [named(snapshot, "inner"), named(snapshot, "outer")];
  expect(outer).toMatchObject({ on: "the task inner", onTasks: [inner.id], needs: "all" });
  expect(inner.awaitedBy).toEqual([outer.id]);
});

test("a wait leads to tasks through a gather of shields", async () => {
  const snapshot = await seen(() => {
    const parts = ["a", "b"].map((name) => start(name, () => sleep(1)));
    start("collector", async () => await gather(...parts.map((part) => shield(part))));
  });
  const ids = [named(snapshot, "a").id, named(snapshot, "b").id];
  expect(named(snapshot, "collector")).toMatchObject({ onTasks: ids, needs: "all" });
});

test("calls on other machines say what they are behind a gather, too", async () => {
  class Call extends asyncio.Future<void> {
    readonly _isAway = true;
    readonly _what: { toString(): string };
    constructor(where: string) {
      super();
      this._what = new (class {
        toString(): string {
          return `resize in images.ts, ${where}`;
        }
      })();
    }
  }
  const snapshot = await seen(() => {
    const calls = [1, 2, 3, 4].map((n) => new Call(`running for 1.3 s on host:${n}`));
    start("collector", async () => await gather(...calls));
    start("caller", async () => await (calls[0] as Call));
  });
  const shown = [1, 2, 3].map((n) => `resize in images.ts, running for 1.3 s on host:${n}`).join("; ");
  expect(named(snapshot, "collector").on).toBe(`a gather of 4, of which 4 not done: ${shown}; 1 more`);
  expect(named(snapshot, "caller").on).toBe("resize in images.ts, running for 1.3 s on host:1");
});

test("who waits for a lock waits for the task that holds it", async () => {
  const lock = new Lock();
  const snapshot = await seen(() => {
    start("holder", () => lock.with(() => sleep(1)));
    start("waiter", () => lock.with(() => sleep(1)));
  });
  expect(named(snapshot, "waiter")).toMatchObject({
    on: "<Lock [locked, waiters:1]>",
    onTasks: [named(snapshot, "holder").id],
  });
});

test("the end of a group waits for its tasks", async () => {
  const snapshot = await seen(() => {
    start("group", () => taskGroup(async (group) => void group.createTask(() => sleep(1), { name: "child" })));
  });
  expect(named(snapshot, "group").onTasks).toEqual([named(snapshot, "child").id]);
});

test("a wait that one of several tasks can end is told from one that needs them all", async () => {
  const snapshot = await seen(() => {
    const tasks = ["a", "b"].map((name) => start(name, () => sleep(1)));
    const future = asyncio.getRunningLoop().createFuture();
    start("of tasks", () => wait(tasks));
    start("of others too", () => wait([...tasks, future]));
    start("fork", () => Promise.race([tasks[0], tasks[1]]));
  });
  expect(named(snapshot, "of tasks")).toMatchObject({
    onTasks: [expect.any(Number), expect.any(Number)],
    needs: "any",
  });
  expect(named(snapshot, "of others too")).toMatchObject({ needs: "other" });
  expect(named(snapshot, "fork")).toMatchObject({ on: "the task a, and for the task b", needs: "any" });
});

test("a sleep says how long it will take, and one that is late by how much it is", async () => {
  const snapshot = await asyncio.run(async () => {
    start("long", () => sleep(100));
    start("endless", () => sleep(Infinity));
    start("late", () => sleep(0.01));
    await sleep(0);
    for (const begin = performance.now(); performance.now() - begin < 150;);
    return look();
  });
  expect(named(snapshot, "long").on).toMatch(/^a sleep, (99\.\d|100\.0) s left$/);
  expect(named(snapshot, "endless").on).toBe("a sleep without end");
  expect(named(snapshot, "late").on).toMatch(/^a sleep that should have ended 0\.\d s ago$/);
});

test("since tells how long a task has waited, in seconds", async () => {
  const snapshot = await asyncio.run(async () => {
    start("sleeper", () => sleep(100));
    await sleep(0.3);
    return look();
  });
  const { since } = named(snapshot, "sleeper");
  expect(since).toBeGreaterThan(0.25);
  expect(since).toBeLessThan(5);
});

test("a wait for a foreign promise counts from where it began, not from the wait before", async () => {
  const { promise, resolve: settle } = Promise.withResolvers<void>();
  const snapshot = await asyncio.run(async () => {
    start("fetcher", async () => {
      await sleep(1);
      await promise;
    });
    await sleep(1.05);
    setTimeout(settle);
    return look();
  });
  expect(named(snapshot, "fetcher").state).toBe("foreign");
  expect(named(snapshot, "fetcher").since).toBeLessThan(0.8);
});

test("times are real under a replaced clock", async () => {
  const clock = vi.spyOn(performance, "now").mockReturnValue(1e12);
  try {
    const { process: its, tasks } = await seen(() => start("sleeper", () => sleep(100)));
    expect(tasks.every(({ since }) => since < 100)).toBe(true);
    expect(its.uptime).toBeLessThan(1e6);
  } finally {
    clock.mockRestore();
  }
});

test("in debug mode it is known where a task was made, and where it waits", async () => {
  const options = { debug: true };
  const snapshot = await seen(() => start("sleeper", async () => await sleep(1)), options);
  const { madeAt, at } = named(snapshot, "sleeper");
  expect(madeAt).toMatch(/look\.test\.ts:\d+$/);
  expect(at).toMatch(/look\.test\.ts:\d+$/);
  expect(snapshot.loops).toMatchObject([{ debug: true }]);
});

test("without debug mode that is null", async () => {
  const snapshot = await seen(() => start("sleeper", () => sleep(1)));
  expect(named(snapshot, "sleeper")).toMatchObject({ madeAt: null, at: null });
});

test("it is told that a task is to be cancelled", async () => {
  const snapshot = await seen(() => {
    const task = start("stubborn", async () => {
      await sleep(1).catch(() => {});
      await sleep(1);
    });
    asyncio.getRunningLoop().callLater(0, () => task.cancel());
  });
  expect(named(snapshot, "stubborn").cancelling).toBe(1);
});

test("no code of the user's runs", async () => {
  let calls = 0;
  class OwnQueue extends Queue<number> {
    override toString(): string {
      calls++;
      return "my queue";
    }
  }
  class OwnTask<T> extends asyncio.Task<T> {
    override getName(): string {
      calls++;
      return "my task";
    }
  }
  const queue = new OwnQueue();
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const { stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = () => void calls++;
    const snapshot = await seen(() => {
      void new OwnTask(() => queue.get());
    });
    expect(calls).toBe(0);
    expect(snapshot.tasks.at(-1)).toMatchObject({
      name: expect.stringMatching(/^Task-\d+$/),
      on: expect.stringMatching(/^<OwnQueue maxsize=0 getters=1>$/),
    });
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", before);
  }
});

test("errors that nobody has retrieved stay unretrieved", async () => {
  const reports: unknown[] = [];
  await asyncio.run(async () => {
    asyncio.getRunningLoop().setExceptionHandler((_, { message }) => reports.push(message));
    const task = createTask(async () => {
      throw new Error("lost");
    });
    await sleep(0);
    await sleep(0);
    look();
    void task;
  });
  expect(reports).toEqual([expect.stringContaining("never retrieved")]);
});

test("one odd task does not hide the others", async () => {
  const snapshot = await seen(() => {
    const odd = start("odd", () => sleep(1));
    odd._awaits = () => {
      Reflect.deleteProperty(odd, "_awaits"); // Once: it is cancelled in the end.
      throw new Error("odd");
    };
    start("plain", () => sleep(1));
  });
  expect(named(snapshot, "odd").on).toBe("something that could not be read");
  expect(named(snapshot, "plain").on).toMatch(/^a sleep, /);
});

test("more tasks than the limit are counted, not shown", async () => {
  const { tasks, loops, leftOut } = await asyncio.run(async () => {
    for (let i = 0; i < 30; i++) void createTask(() => sleep(1));
    await sleep(0);
    return look(10);
  });
  expect(tasks).toHaveLength(10);
  expect(loops).toMatchObject([{ tasks: 31 }]);
  expect(leftOut).toEqual({ tasks: 21, onTasks: 0 });
});

test("many who each wait for many are cut short, and that is said", async () => {
  const { tasks, leftOut } = await asyncio.run(async () => {
    const parts = Array.from({ length: 20 }, () => createTask(() => sleep(1)));
    for (let i = 0; i < 20; i++) void createTask(() => wait(parts));
    for (let i = 0; i < 3; i++) await sleep(0);
    return look(25);
  });
  const shown = tasks.reduce((sum, { onTasks }) => sum + onTasks.length, 0);
  expect(shown).toBeLessThanOrEqual(250);
  expect(leftOut).toEqual({ tasks: 16, onTasks: 0 });
});

test("its source text is all that it needs", async () => {
  const text = String(look);
  await asyncio.run(async () => {
    start("sleeper", () => sleep(1));
    await sleep(0);
    const other = runInThisContext(`(${text})()`) as Snapshot;
    expect(named(other, "sleeper").on).toMatch(/^a sleep, /);
  });
});
