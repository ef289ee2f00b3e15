/** Python and TypeScript on one loop: who awaits whom, what crosses, and in which order steps run. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  CancelledError,
  createTask,
  currentTask,
  gather,
  getRunningLoop,
  Queue,
  run,
  sleep,
  type Task,
  taskGroup,
  timeout,
  TimeoutError,
} from "turnwise";
import { afterAll, expect, test } from "vitest";
import { importPython, PythonError, runPython } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "turnwise-python-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** A module of this source. */
async function module<M extends object>(source: string): Promise<M> {
  const file = join(folder, `module_${++files}.py`);
  writeFileSync(file, source);
  return importPython<M>(pathToFileURL(file));
}

/** A program that prints to `log`. */
async function program(source: string, modules: Record<string, object> = {}, log: string[] = []): Promise<string[]> {
  // What it prints goes to a list, for the tests to look at.
  const write = (bytes: Uint8Array): void => {
    log.push(...new TextDecoder().decode(bytes).split("\n").filter(Boolean));
  };
  await runPython(source, { modules, stdout: write, stderr: write });
  return log;
}

interface Shop {
  price(item: string): Task<number>;
  fail(): Task<never>;
  wait_long(log: string[]): Task<string>;
  plain(x: number): number;
}

test("TypeScript calls a coroutine function, and gets a task", async () => {
  const shop = await module<Shop>(`
import asyncio
async def price(item):
    await asyncio.sleep(0.001)
    return len(item)
def plain(x):
    return x * 2
`);
  await run(async () => {
    const task = shop.price("tea");
    expect([task.done(), task.getCoroName(), getRunningLoop().allTasks().has(task)]).toEqual([false, "price", true]);
    expect(await task).toBe(3);
    expect(await gather(shop.price("a"), shop.price("bb"))).toEqual([1, 2]);
    expect(shop.plain(4)).toBe(8);
  });
});

test("a module is imported once, and serves one loop after another", async () => {
  const counter = await module<{ next(): Task<number> }>(`
import asyncio
n = 0
async def next():
    global n
    await asyncio.sleep(0)
    n += 1
    return n
`);
  expect(await run(() => counter.next())).toBe(1);
  expect(await run(() => counter.next())).toBe(2);
});

test("a program may lie beside a module that was imported, and import it too", async () => {
  const shop = await module<Shop>("async def price(item): return 1");
  const file = join(folder, "beside.py");
  writeFileSync(file, `import module_${files}\nprint(module_${files}.price.__name__)`);
  const printed: string[] = [];
  await runPython(pathToFileURL(file), { stdout: (bytes) => printed.push(new TextDecoder().decode(bytes)) });
  expect(printed.join("")).toBe("price\n");
  expect(await run(() => shop.price("tea"))).toBe(1);
});

test("without a loop a coroutine can't be called, a function can", async () => {
  const shop = await module<Shop>("async def price(item): return 1\ndef plain(x): return x");
  expect(() => shop.price("tea")).toThrow("no running event loop");
  expect(shop.plain(3)).toBe(3);
});

test("an exception crosses into TypeScript with both stacks", async () => {
  const shop = await module<Shop>(`
async def fail():
    inner()
def inner():
    raise ValueError("no tea")
`);
  await run(async () => {
    const error = await shop.fail().catch((thrown: unknown) => thrown as PythonError);
    expect(error).toBeInstanceOf(PythonError);
    expect([error.name, error.message]).toEqual(["ValueError", "no tea"]);
    expect(error.traceback).toMatch(/File ".*module_\d+\.py", line 5, in inner/);
    expect(error.stack).toContain("in inner");
  });
});

test("cancelling the task in TypeScript cancels the one in Python, which may clean up", async () => {
  const shop = await module<Shop>(`
import asyncio
async def wait_long(log):
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError as error:
        log("cancelled", str(error))
        await asyncio.sleep(0)
        raise
    finally:
        log("cleaned up")
`);
  const log: unknown[] = [];
  await run(async () => {
    const task = shop.wait_long(((...args: unknown[]) => log.push(...args)) as never);
    const waiter = createTask(async () => await task);
    await sleep(0);
    await sleep(0);
    waiter.cancel("enough");
    await expect(waiter).rejects.toThrow(CancelledError);
    expect([task.cancelled(), log]).toEqual([true, ["cancelled", "enough", "cleaned up"]]);
  });
});

test("timeouts and groups of TypeScript's hold Python's tasks", async () => {
  const shop = await module<Shop>(`
import asyncio
async def wait_long(log):
    await asyncio.sleep(1000)
async def fail():
    raise KeyError("x")
`);
  await run(async () => {
    await expect(timeout(0.01, () => shop.wait_long([]))).rejects.toThrow(TimeoutError);
    let other: Task<string> | undefined;
    const failed = taskGroup(async (group) => {
      other = group.createTask(() => shop.wait_long([]));
      group.createTask(() => shop.fail());
    });
    await expect(failed).rejects.toMatchObject({ errors: [{ name: "KeyError" }] });
    expect(other?.cancelled()).toBe(true);
  });
});

test("the end of a run cancels Python's tasks that are left", async () => {
  const log: string[] = [];
  const shop = await module<Shop>(`
import asyncio
async def wait_long(log):
    try:
        await asyncio.sleep(1000)
    finally:
        log("cleaned up")
`);
  await run(async () => {
    shop.wait_long(((line: string) => log.push(line)) as never);
    await sleep(0);
    await sleep(0);
  });
  expect(log).toEqual(["cleaned up"]);
});

test("Python awaits promises, tasks and async functions of TypeScript's", async () => {
  const app = {
    fetchUser: async (id: number, { fast = false } = {}) => {
      await sleep(0.001);
      return { id, fast, task: currentTask()?.getCoroName() };
    },
    promise: () => Promise.resolve([1, 2]),
    plain: (values: number[]) => values.map((value) => value * 2),
    limit: 5,
  };
  const log = await run(() =>
    program(
      `
import asyncio, app
from app import fetchUser
async def main():
    print(await fetchUser(7, fast=True))
    print(await app.promise(), app.plain([1, 2]), app.limit)
    print(await asyncio.gather(fetchUser(1), fetchUser(2)))
    print(await asyncio.wait_for(app.fetchUser(3), 1))
asyncio.run(main())
`,
      { app },
    ),
  );
  expect(log).toEqual([
    "{'id': 7, 'fast': True, 'task': 'fetchUser'}",
    "[1, 2] [2, 4] 5",
    "[{'id': 1, 'fast': False, 'task': 'fetchUser'}, {'id': 2, 'fast': False, 'task': 'fetchUser'}]",
    "{'id': 3, 'fast': False, 'task': 'fetchUser'}",
  ]);
});

test("Python awaits futures, tasks and promises that it is given, and cancels the task that it gives up", async () => {
  const log: string[] = [];
  const slow = await run(async () => {
    const app = {
      future: getRunningLoop().createFuture<object>(),
      promise: Promise.resolve(2),
      task: createTask(async () => [await sleep(0.001, 3)]),
      slow: createTask(() => sleep(1000)),
      pausing: () => sleep(0.001),
    };
    getRunningLoop().callLater(0.001, () => app.future.setResult({ a: 1 }));
    await program(
      `
import asyncio, app
async def main():
    print(await app.future, await app.promise, await app.task, await app.pausing())
    try:
        async with asyncio.timeout(0.01):
            await app.slow
    except TimeoutError:
        print("timed out")
asyncio.run(main())
`,
      { app },
      log,
    );
    return app.slow.cancelled();
  });
  expect([log, slow]).toEqual([["{'a': 1} 2 [3] None", "timed out"], true]);
});

test("cancelling a task of Python's cancels what it awaits in TypeScript, and waits for its clean-up", async () => {
  const log: string[] = [];
  const app = {
    work: async () => {
      try {
        await sleep(1000);
      } finally {
        await sleep(0);
        log.push("TypeScript cleaned up");
      }
    },
  };
  await run(() =>
    program(
      `
import asyncio, app
async def main():
    task = asyncio.create_task(outer())
    await asyncio.sleep(0.01)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("Python heard")
    try:
        async with asyncio.timeout(0.01):
            await app.work()
    except TimeoutError:
        print("timed out")
async def outer():
    await app.work()
asyncio.run(main())
`,
      { app },
      log,
    ),
  );
  expect(log).toEqual(["TypeScript cleaned up", "Python heard", "TypeScript cleaned up", "timed out"]);
});

test("an error of TypeScript's crosses into Python with its stack, and back as itself", async () => {
  const own = new TypeError("boom");
  const app = {
    fail: async () => {
      await sleep(0);
      throw own;
    },
    failNow: () => {
      throw own;
    },
    slow: async () => {
      throw new TimeoutError("too slow");
    },
  };
  const log = await run(() =>
    program(
      `
import asyncio, app, traceback
async def main():
    try:
        await app.fail()
    except Exception as error:
        text = "".join(traceback.format_exception(error))
        print(type(error).__name__, "TypeError: boom" in text, "both-styles.test.ts" in text)
    try:
        app.failNow()
    except Exception as error:
        print(type(error).__name__)
    try:
        await app.slow()
    except TimeoutError as error:
        print("TimeoutError", error)
asyncio.run(main())
`,
      { app },
    ),
  );
  expect(log).toEqual(["JsException True True", "JsException", "TimeoutError too slow"]);
  const there = await module<{ call(fn: () => Promise<void>): Task<void> }>("async def call(fn):\n    await fn()");
  await run(async () => {
    await expect(there.call(app.fail)).rejects.toBe(own);
  });
});

test("an exception of Python's comes back to Python as itself", async () => {
  const there = await module<{ test(fn: (inner: () => Promise<void>) => Promise<void>): Task<boolean> }>(`
class Own(Exception): pass
async def test(fn):
    own = Own("mine")
    async def inner():
        raise own
    try:
        await fn(inner)
    except Own as error:
        return error is own
`);
  expect(await run(() => there.test(async (inner) => await inner()))).toBe(true);
});

test("a program and a task wait for each other, by a queue each way", async () => {
  const log: string[] = [];
  await run(async () => {
    const [toPython, toTypeScript] = [new Queue<number>(), new Queue<number>()];
    const typescript = createTask(async () => {
      for (let i = 0; i < 3; i++) {
        log.push(`TypeScript got ${await toTypeScript.get()}`);
        await toPython.put(i);
      }
    });
    const app = {
      put: async (value: number) => await toTypeScript.put(value),
      get: async () => await toPython.get(),
    };
    await program(
      `
import asyncio, app
async def main():
    for i in range(3):
        await app.put(i)
        print("Python got", await app.get())
asyncio.run(main())
`,
      { app },
      log,
    );
    await typescript;
  });
  expect(log).toEqual([0, 1, 2].flatMap((i) => [`TypeScript got ${i}`, `Python got ${i}`]));
});

test("turns alternate strictly", async () => {
  const there = await module<{ turns(log: (line: string) => void): Task<void> }>(`
import asyncio
async def turns(log):
    for i in range(3):
        log(f"P{i}")
        await asyncio.sleep(0)
`);
  const log: string[] = [];
  await run(async () => {
    const python = there.turns((line) => void log.push(line));
    const typescript = createTask(async () => {
      for (let i = 0; i < 3; i++) {
        log.push(`T${i}`);
        await sleep(0);
      }
    });
    await gather(python, typescript);
  });
  expect(log).toEqual(["P0", "T0", "P1", "T1", "P2", "T2"]);
});

test("a program's loop stops exactly where its own loop would, and what was left goes on in its next run", async () => {
  const source = `
import asyncio
loop = asyncio.new_event_loop()
log = []
def note(x): log.append(x)
loop.call_soon(note, "a")
loop.call_soon(loop.stop)
loop.call_soon(note, "b")
loop.call_soon(lambda: loop.call_soon(note, "c"))
loop.run_forever()
print(log)
loop.run_until_complete(asyncio.sleep(0.001))
print(log)
loop.stop()
loop.call_soon(note, "d")
loop.run_forever()
print(log)
loop.close()
`;
  const alone = await program(source);
  expect(alone).toEqual(["['a', 'b']", "['a', 'b', 'c']", "['a', 'b', 'c', 'd']"]);
  const shared = await run(async () => {
    const busy = createTask(async () => {
      for (;;) await sleep(0);
    });
    const lines = await program(source);
    busy.cancel();
    return lines;
  });
  expect(shared).toEqual(alone);
});

test("a program that is cancelled hears it as Ctrl-C", async () => {
  const log: string[] = [];
  await run(async () => {
    const task = createTask(() =>
      program(
        `
import asyncio
async def main():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        print("cancelled")
        raise
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted")
`,
        {},
        log,
      ),
    );
    while (log.length === 0 && getRunningLoop().allTasks().size < 3) await sleep(0.005);
    await sleep(0.01);
    task.cancel();
    await expect(task).rejects.toThrow(CancelledError);
  });
  expect(log).toEqual(["cancelled", "interrupted"]);
});
