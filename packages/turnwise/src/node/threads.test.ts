// Functions in real threads: what goes there, what comes back, and what happens when it does not.
import { setTimeout as hostSleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type * as zlib from "node:zlib";
import { afterAll, describe, expect, expectTypeOf, test } from "vitest";
import { CancelledError, RuntimeError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import { createTask } from "../coroutines.ts";
import { getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { sleep } from "../sleep.ts";
import { runVirtual } from "../testing.ts";
import { runInExecutor, setDefaultExecutor } from "./executors.ts";
import { openOn } from "./resources.ts";
import type * as jobs from "./testing/jobs.ts";
import { functionsOf } from "./function-references.ts";
import { ThreadPoolExecutor } from "./thread-pool.ts";
import { toThread } from "./threads.ts";

const module = new URL("./testing/jobs.ts", import.meta.url);
const path = fileURLToPath(module);
const threaded = functionsOf<typeof jobs>(module);

/** One thread for the tests that don't need one of their own. */
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
afterAll(() => pool.shutdown());
const inThread: typeof toThread = (fn, ...args) => runInExecutor(pool, fn, ...args);

/** What a thread that runs `block` waits for, and tells. */
class Flag {
  readonly shared = new Int32Array(new SharedArrayBuffer(8));
  raise(): void {
    Atomics.store(this.shared, 0, 1);
    Atomics.notify(this.shared, 0);
  }
  /** Until `count` threads have begun. */
  async begun(count: number): Promise<void> {
    for (let seen = this.seen; seen < count; seen = this.seen) {
      await Atomics.waitAsync(this.shared, 1, seen).value;
    }
  }
  get seen(): number {
    return Atomics.load(this.shared, 1);
  }
}

/** Runs `body`, and at its end, however it ends, lets what runs `block` go on. */
async function runWithFlag(body: (flag: Flag) => Promise<void>): Promise<void> {
  const flag = new Flag();
  await run(() => body(flag).finally(() => flag.raise()));
}

/** One thread, so that the second job has to wait. */
function useOneThread(): void {
  setDefaultExecutor(new ThreadPoolExecutor({ maxWorkers: 1 }));
}

async function thrownBy(promise: PromiseLike<unknown>): Promise<Error> {
  return Promise.resolve(promise).then(
    () => expect.unreachable("nothing was thrown"),
    (error: Error) => error,
  );
}

describe("a function in a thread", () => {
  test("runs in another thread, and gives its result", async () => {
    await run(async () => {
      expect(await toThread(threaded.add, 2, 3)).toBe(5);
      expect((await toThread(threaded.where)).isMainThread).toBe(false);
    });
  });

  test("may be async", async () => {
    expect(await run(() => toThread(threaded.later, "later"))).toBe("later");
  });

  test("is the default export where a URL is given", async () => {
    expect(await run(() => toThread(module, "hello"))).toBe("HELLO!");
  });

  test("may be one of Node's own", async () => {
    const { gzipSync, gunzipSync } = functionsOf<typeof zlib>("node:zlib");
    await run(async () => {
      const packed = await toThread(gzipSync, "text");
      expect(Buffer.from(await toThread(gunzipSync, packed)).toString()).toBe("text");
    });
  });

  test("does not block the loop", async () => {
    await runWithFlag(async (flag) => {
      const job = createTask(() => toThread(threaded.block, flag.shared));
      await flag.begun(1);
      for (let i = 0; i < 100; i++) await sleep(0);
      expect(job.done()).toBe(false);
      flag.raise();
      expect(await job).toBe("went on");
    });
  });

  test("has the module's types", () => {
    const sums = (): Future<number> => toThread(threaded.add, 1, 2);
    expectTypeOf(sums).returns.toEqualTypeOf<Future<number>>();
    // @ts-expect-error: it takes numbers.
    const wrong = (): unknown => toThread(threaded.add, "1", 2);
    // @ts-expect-error: it takes two.
    const few = (): unknown => toThread(threaded.add, 1);
    // @ts-expect-error: it is no function.
    const none: unknown = threaded.requestId;
    expect([wrong, few, none]).toHaveLength(3);
  });

  test("is what ps says the task waits for", async () => {
    await run(async () => {
      const job = toThread(threaded.add, 1, 1);
      expect(job._purpose()).toMatch(/^a thread's job: add in \.\/.*testing\/jobs\.ts$/);
      await job;
    });
  });

  test("holds a virtual clock", async () => {
    const time = await runVirtual(
      async () => {
        expect(await toThread(threaded.later, 1)).toBe(1);
        return getRunningLoop().time();
      },
      { patience: 20 },
    );
    expect(time).toBe(0);
  });
});

describe("what can't be run", () => {
  test("a function itself: the error says what to write", async () => {
    await run(async () => {
      const hash = (): number => 1;
      expect(() => toThread(hash as never)).toThrow(TypeError);
      expect(() => toThread(hash as never)).toThrow(/the function hash can't be sent.*const \{ hash \} = functionsOf</);
    });
  });

  test.each([["./jobs.ts"], ["piscina"], [7], [undefined]])("a module %j", (module) => {
    expect(() => functionsOf(module as string)).toThrow(/a module's URL was expected, got .*import\.meta\.url/);
  });

  test("a file that does not exist", async () => {
    const { x } = functionsOf<{ x(): void }>(new URL("./nowhere.ts", import.meta.url));
    const error = await thrownBy(run(() => inThread(x)));
    expect(error.message).toMatch(/^can't load the module file:.*nowhere\.ts: Cannot find module/);
    expect(error).toMatchObject({ code: "ERR_MODULE_NOT_FOUND" });
  });

  test("a module that throws", async () => {
    const { never } = functionsOf<{ never(): void }>(new URL("./testing/broken.ts", import.meta.url));
    const error = await thrownBy(run(() => inThread(never)));
    expect(error).toBeInstanceOf(SyntaxError);
    expect(error.message).toMatch(/can't load .*broken\.ts: this module is broken/);
  });

  test("a name that is not exported: the error lists those that are", async () => {
    const { nothing } = functionsOf<{ nothing(): void }>(module);
    await expect(run(() => inThread(nothing))).rejects.toThrow(/exports no function "nothing", but .*add/);
  });
});

describe("values", () => {
  test("an argument that can't be cloned is named", async () => {
    const error = await thrownBy(run(() => inThread(threaded.later, { list: [1, { callback: () => 1 }] })));
    expect(error).toMatchObject({ name: "DataCloneError" });
    expect(error.message).toMatch(
      /^the arguments of later in .* can't be sent to a thread: args\[0\]\.list\[1\]\.callback: the function callback$/,
    );
  });

  test("so is a result, and the pool goes on", async () => {
    await run(async () => {
      const error = await thrownBy(inThread(threaded.unsendable));
      expect(error).toMatchObject({ name: "DataCloneError" });
      expect(error.message).toMatch(
        /^the result of unsendable can't be sent back: result\.callback: the function callback$/,
      );
      expect(await inThread(threaded.add, 1, 1)).toBe(2);
    });
  });

  test("what is transferred is gone here, and comes back moved", async () => {
    await run(async () => {
      const numbers = new Float64Array([1, 2, 3]);
      const result = await inThread(threaded.doubled.with({ transfer: [numbers.buffer] }), numbers);
      expect([...result]).toEqual([2, 4, 6]);
      expect(numbers.byteLength).toBe(0);
    });
  });

  test("without a transfer it is copied", async () => {
    const numbers = new Float64Array([1]);
    await run(() => inThread(threaded.doubled, numbers));
    expect([...numbers]).toEqual([1]);
  });
});

describe("errors", () => {
  test("keep name, message, stack, cause and code", async () => {
    const error = await thrownBy(run(() => inThread(threaded.fail)));
    expect(error).toMatchObject({ name: "NoSuchUser", message: "no user 7", code: "ENOUSER" });
    expect(error.stack).toContain(path);
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(error.cause).toMatchObject({ message: "7 is too many" });
  });

  test("are of JavaScript's own classes", async () => {
    await run(async () => {
      expect(await thrownBy(inThread(threaded.failWith, "TypeError"))).toBeInstanceOf(TypeError);
      const both = await thrownBy(inThread(threaded.failWith, "AggregateError"));
      expect(both).toBeInstanceOf(AggregateError);
      expect((both as AggregateError).errors.map(String)).toEqual(["TypeError: one", "RangeError: two"]);
      const abort = await thrownBy(inThread(threaded.failWith, "AbortError"));
      expect(abort).toBeInstanceOf(DOMException);
      expect(abort.name).toBe("AbortError");
    });
  });

  test("need not be errors", async () => {
    await expect(run(() => inThread(threaded.failWith, "string"))).rejects.toBe("just a string");
  });

  test("a thread that exits fails its job only", async () => {
    await run(async () => {
      const exits = inThread(threaded.exit, 3);
      const next = inThread(threaded.add, 1, 1);
      const error = await thrownBy(exits);
      expect(error).toBeInstanceOf(RuntimeError);
      expect(error.message).toMatch(/^the thread ended with exit code 3 before exit in .* was done/);
      expect(await next).toBe(2);
    });
  });

  test("an error outside of the function ends the thread, and fails the job", async () => {
    await run(async () => {
      const error = await thrownBy(inThread(threaded.throwOutside));
      expect(error).toBeInstanceOf(TypeError);
      expect(error.message).toBe("outside");
      expect(await inThread(threaded.add, 1, 1)).toBe(2);
    });
  });

  test("a thread without memory fails its job", async () => {
    await run(async () => {
      const small = new ThreadPoolExecutor({ maxWorkers: 1, resourceLimits: { maxOldGenerationSizeMb: 24 } });
      const error = await thrownBy(runInExecutor(small, threaded.fillMemory));
      expect(error).toMatchObject({ code: "ERR_WORKER_OUT_OF_MEMORY" });
      expect(error.message).toMatch(/^the thread of fillMemory in .* ran out of memory/);
      expect(await runInExecutor(small, threaded.add, 1, 1)).toBe(2);
      await small.shutdown();
    });
  });
});

describe("cancelling", () => {
  test("gives up waiting: the job runs on", async () => {
    await runWithFlag(async (flag) => {
      useOneThread();
      const task = createTask(() => toThread(threaded.block, flag.shared));
      await flag.begun(1);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      const next = toThread(threaded.where);
      await hostSleep(1);
      expect(next.done()).toBe(false); // The one thread is still busy.
      flag.raise();
      expect((await next).isMainThread).toBe(false);
    });
  });

  test("with terminateOnCancel ends the thread, and the others have a new one", async () => {
    await runWithFlag(async (flag) => {
      useOneThread();
      const { threadId } = await toThread(threaded.where);
      const task = createTask(() => toThread(threaded.block.with({ terminateOnCancel: true }), flag.shared));
      await flag.begun(1);
      const next = toThread(threaded.where);
      task.cancel();
      await expect(task).rejects.toThrow(CancelledError);
      expect((await next).threadId).not.toBe(threadId);
    });
  });

  test("a job that was not begun never is", async () => {
    await runWithFlag(async (first) => {
      useOneThread();
      const second = new Flag();
      const running = toThread(threaded.block, first.shared);
      const waiting = toThread(threaded.block, second.shared);
      second.raise();
      await first.begun(1);
      waiting.cancel();
      first.raise();
      await running;
      await toThread(threaded.add, 1, 1);
      expect(second.seen).toBe(0);
    });
  });

  test("nor is one whose thread only starts", async () => {
    await run(async () => {
      useOneThread();
      const flag = new Flag();
      flag.raise();
      const job = toThread(threaded.block, flag.shared);
      await hostSleep(1);
      job.cancel();
      await toThread(threaded.add, 1, 1);
      expect(flag.seen).toBe(0);
    });
  });

  test("leaves nothing open", async () => {
    await runWithFlag(async (flag) => {
      const executor = new ThreadPoolExecutor({ maxWorkers: 1 });
      const terminated = runInExecutor(executor, threaded.block.with({ terminateOnCancel: true }), flag.shared);
      const waiting = runInExecutor(executor, threaded.add, 1, 1);
      await flag.begun(1);
      terminated.cancel();
      waiting.cancel();
      await executor.shutdown();
      expect(openOn(getRunningLoop()).size).toBe(0);
    });
  });
});
