// Executors: how many threads, who waits for what, and how they end.
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as hostSleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CancelledError, RuntimeError } from "../exceptions.ts";
import { newEventLoop } from "../events.ts";
import { Future } from "../futures.ts";
import { gather } from "../gather.ts";
import { getRunningLoop } from "../running.ts";
import { run } from "../runners.ts";
import { runInExecutor, setDefaultExecutor, shutdownDefaultExecutor } from "./executors.ts";
import { type CallOptions, Executor } from "./executor.ts";
import { LoopExecutor } from "./loop-executor.ts";
import { openOn } from "./resources.ts";
import type * as jobs from "./testing/jobs.ts";
import { type FunctionReference, functionsOf } from "./function-references.ts";
import { ThreadPoolExecutor } from "./thread-pool.ts";
import { toThread } from "./threads.ts";

const execute = promisify(execFile);
const threaded = functionsOf<typeof jobs>(new URL("./testing/jobs.ts", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turnwise-threads-"));
});
afterAll(() => rm(folder, { recursive: true }));

const newFlag = (): Int32Array => new Int32Array(new SharedArrayBuffer(8));

function raise(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

async function begun(flag: Int32Array, count: number): Promise<void> {
  for (let seen = 0; seen < count; seen = Atomics.load(flag, 1)) await Atomics.waitAsync(flag, 1, seen).value;
}

describe("a thread pool", () => {
  test("runs no more at once than it has threads", async () => {
    await run(async () => {
      await using pool = new ThreadPoolExecutor({ maxWorkers: 2 });
      const flag = newFlag();
      try {
        const all = Array.from({ length: 4 }, () => pool.submit(threaded.block, [flag]));
        await begun(flag, 2);
        await hostSleep(20);
        expect(Atomics.load(flag, 1)).toBe(2);
        raise(flag);
        expect(await gather(...all)).toEqual(Array(4).fill("went on"));
      } finally {
        raise(flag);
      }
    });
  });

  test("begins jobs in order", async () => {
    await run(async () => {
      await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const done: unknown[] = [];
      const all = Array.from({ length: 5 }, (_, i) => pool.submit(threaded.later, [i]));
      for (const future of all) future.addDoneCallback(() => done.push(future.result()));
      await gather(...all);
      expect(done).toEqual([0, 1, 2, 3, 4]);
    });
  });

  test("keeps its threads", async () => {
    await run(async () => {
      await using pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const { threadId } = await pool.submit(threaded.where, []);
      expect((await pool.submit(threaded.where, [])).threadId).toBe(threadId);
    });
  });

  test("serves one loop after the other", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    expect(await run(() => runInExecutor(pool, threaded.add, 1, 2))).toBe(3);
    expect(await run(() => runInExecutor(pool, threaded.add, 3, 4))).toBe(7);
    await pool.shutdown();
  });

  test.each([0, -1, 1.5, "4", null])("has no %j threads", (maxWorkers) => {
    expect(() => new ThreadPoolExecutor({ maxWorkers: maxWorkers as number })).toThrow(
      /maxWorkers must be a whole number greater than 0, got/,
    );
  });

  test("takes nothing after its shutdown, which waits for what it has", async () => {
    await run(async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const both = [pool.submit(threaded.later, [1]), pool.submit(threaded.later, [2])];
      const ended = pool.shutdown();
      expect(() => pool.submit(threaded.later, [3])).toThrow(/^cannot schedule new futures after shutdown$/);
      await ended;
      expect(both.map((future) => future.result())).toEqual([1, 2]);
    });
  });

  test("cancels at its shutdown what was not begun, where asked", async () => {
    await run(async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const flag = newFlag();
      const running = pool.submit(threaded.block, [flag]);
      const waiting = pool.submit(threaded.add, [1, 1]);
      await begun(flag, 1);
      const ended = pool.shutdown({ cancelFutures: true });
      expect(waiting.cancelled()).toBe(true);
      raise(flag);
      await ended;
      expect(running.result()).toBe("went on");
    });
  });

  test("cancels then what waits for a thread to start, too", async () => {
    await run(async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      const flag = newFlag();
      raise(flag);
      const job = pool.submit(threaded.block, [flag]);
      await hostSleep(1);
      await pool.shutdown({ cancelFutures: true });
      expect(job.cancelled()).toBe(true);
      expect(Atomics.load(flag, 1)).toBe(0);
    });
  });

  test("ends a job that outlives its loop", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const flag = newFlag();
    await run(async () => {
      const job = pool.submit(threaded.block, [flag]);
      await begun(flag, 1);
      job.cancel();
    });
    await pool.shutdown(); // Would wait for good: nobody raises the flag.
  });
});

describe("the default executor", () => {
  test("is one for all of a loop, and ends with it", async () => {
    const loop = newEventLoop();
    await run(
      async () => {
        await gather(toThread(threaded.add, 1, 1), runInExecutor(null, threaded.add, 1, 1));
        expect(openOn(loop).size).toBe(1);
      },
      { loopFactory: () => loop },
    );
    expect(openOn(loop).size).toBe(0);
  });

  test("can be set", async () => {
    await run(async () => {
      const own = new ThreadPoolExecutor({ maxWorkers: 1 });
      setDefaultExecutor(own);
      await toThread(threaded.add, 1, 1);
      await shutdownDefaultExecutor();
      expect(() => own.submit(threaded.add, [1, 1])).toThrow(RuntimeError);
    });
  });

  test("may be one that has no threads: toThread takes it too", async () => {
    await run(async () => {
      setDefaultExecutor(new LoopExecutor());
      expect(await toThread(threaded.where)).toMatchObject({ isMainThread: true });
      expect(await runInExecutor(null, threaded.add, 1, 2)).toBe(3);
    });
  });

  test("must be an executor", async () => {
    await run(async () => {
      expect(() => setDefaultExecutor({ submit: () => Promise.resolve() } as never)).toThrow(
        new TypeError("an executor was expected, got [Object]"),
      );
    });
  });

  test("takes nothing after its shutdown", async () => {
    await run(async () => {
      await shutdownDefaultExecutor();
      expect(() => toThread(threaded.add, 1, 1)).toThrow(new RuntimeError("Executor shutdown has been called"));
      expect(() => runInExecutor(null, threaded.add, 1, 1)).toThrow(/^Executor shutdown has been called$/);
    });
  });

  test("is waited for at the end of `run`, with the jobs that nobody waits for", async () => {
    const path = join(folder, "abandoned.txt");
    const flag = newFlag();
    await run(async () => {
      const job = toThread(threaded.blockAndWrite, flag, path);
      await begun(flag, 1);
      job.cancel();
      await expect(job).rejects.toThrow(CancelledError);
      setTimeout(() => raise(flag), 20);
    });
    expect(await readFile(path, "utf8")).toBe("done");
  });

  test("is given up after a timeout, with asyncio's words; the job ends with the loop", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    try {
      await run(async () => {
        const flag = newFlag();
        const job = toThread(threaded.block, flag);
        await begun(flag, 1);
        await shutdownDefaultExecutor(0.01);
        expect(warn.mock.calls).toEqual([
          ["The executor did not finishing joining its threads within 0.01 seconds.", "RuntimeWarning"],
        ]);
        expect(job.done()).toBe(false);
        job.cancel();
        getRunningLoop()._shutdown = async () => {}; // It would wait for five minutes.
      });
    } finally {
      warn.mockRestore();
    }
  });
});

describe("an executor of one's own", () => {
  class Recording extends Executor {
    readonly seen: unknown[] = [];
    submit<A extends unknown[], R>(
      fn: FunctionReference<A, R> | URL,
      args: NoInfer<A>,
      options?: CallOptions,
    ): Future<R> {
      this.seen.push([(fn as FunctionReference<A, R>).name, args, options]);
      const future = new Future<R>();
      future.setResult("theirs" as R);
      return future;
    }
    async shutdown(): Promise<void> {}
  }

  test("is given the reference and the arguments", async () => {
    const other = new Recording();
    expect(await run(() => runInExecutor(other, threaded.add, 1, 2))).toBe("theirs");
    expect(other.seen).toEqual([["add", [1, 2], undefined]]);
  });

  test("must extend Executor", async () => {
    await expect(run(() => runInExecutor({} as Executor, threaded.add, 1, 2))).rejects.toThrow(
      /an executor was expected, got \[Object\]/,
    );
  });
});

describe("the process", () => {
  const source = fileURLToPath(new URL("..", import.meta.url));

  /** Runs a program on the sources. @returns its output. */
  async function program(code: string, args: string[] = [], root: string = source): Promise<string> {
    const file = join(folder, `program-${Math.random()}.ts`);
    await writeFile(
      file,
      `import { run } from ${JSON.stringify(join(root, "runners.ts"))};
       import { runInExecutor } from ${JSON.stringify(join(root, "node/executors.ts"))};
       import { toThread } from ${JSON.stringify(join(root, "node/threads.ts"))};
       import { ThreadPoolExecutor } from ${JSON.stringify(join(root, "node/thread-pool.ts"))};
       import { functionsOf } from ${JSON.stringify(join(root, "node/function-references.ts"))};
       const jobs = functionsOf(${JSON.stringify(new URL("./testing/jobs.ts", import.meta.url).href)});
       ${code}`,
    );
    const flags = ["--conditions=turnwise-source", ...args];
    const { stdout } = await execute(process.execPath, [...flags, file], { timeout: 20_000 });
    return stdout.trim();
  }

  test("ends after `run`", async () => {
    expect(await program(`console.log(await run(() => toThread(jobs.add, 1, 2)));`)).toBe("3");
  });

  test("is not kept alive by threads that have nothing to do", async () => {
    const code = `const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      console.log(await run(() => runInExecutor(pool, jobs.add, 1, 2)));`;
    expect(await program(code)).toBe("3");
  });

  test("hears of threads that can't start", async () => {
    const preload = join(folder, "preload.mjs");
    await writeFile(
      preload,
      `import { isMainThread } from "node:worker_threads";
       if (!isMainThread) throw new Error("not in threads");`,
    );
    const code = `await run(async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
      const all = await Promise.allSettled([1, 2, 3].map((n) => Promise.resolve(runInExecutor(pool, jobs.add, n, n))));
      for (const { reason } of all) console.log(String(reason));
    });`;
    const output = await program(code, ["--import", preload]);
    expect(output.split("\n")).toEqual(Array(3).fill("RuntimeError: no thread could be started: not in threads"));
  });

  test("hears that piscina is missing, and how to install it", async () => {
    const copy = join(folder, "without-piscina");
    await cp(source, join(copy, "src"), { recursive: true });
    await cp(join(source, "../package.json"), join(copy, "package.json"));
    const code = `await run(async () => {
      for (const n of [1, 2]) {
        await Promise.resolve(toThread(jobs.add, n, n)).catch((error) => console.log(String(error)));
      }
    });`;
    const output = await program(code, [], join(copy, "src"));
    expect(output.split("\n")).toEqual(
      Array(2).fill("RuntimeError: threads need the package piscina, which is not installed: npm install piscina"),
    );
  });
});
