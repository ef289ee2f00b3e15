// What a cluster does beyond the interface: progress, keys, priorities, limits, refusals, what is seen of it.
import { functionsOf, gather, getRunningLoop, run, setDefaultExecutor, sleep, toThread } from "turnwise/node";
import { record } from "@turnwise/lens";
import { runVirtual } from "turnwise/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClusterExecutor, type ClusterOptions } from "./cluster-executor.ts";
import { clusterStatus } from "./status.ts";
import { Files, linesIn, linesOf, until } from "./testing/files.ts";
import { noRedis, RedisServer, sayIfSkipped } from "./testing/redis-server.ts";
import type * as work from "./testing/work.ts";
import { WorkerProcess } from "./testing/worker-process.ts";
import { startWorker, type WorkerOptions } from "./worker.ts";

const module = new URL("./testing/work.ts", import.meta.url);
const fns = functionsOf<typeof work>(module);

sayIfSkipped();
describe.skipIf(noRedis !== null)("a cluster", () => {
  let redis: RedisServer;
  let files: Files;
  let queue: string;
  let queues = 0;
  beforeAll(async () => {
    redis = await RedisServer.start();
    files = new Files();
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    files[Symbol.dispose]();
  });
  beforeEach(() => {
    queue = `queue ${queues++}`;
  });

  const newCluster = (options: ClusterOptions = {}): ClusterExecutor =>
    new ClusterExecutor({ connection: redis.url, queue, ...options });
  const newWorker = (options: WorkerOptions = {}): ReturnType<typeof startWorker> =>
    startWorker([module], { connection: redis.url, queue, ...options });

  /** A worker in this process, and an executor. */
  function onCluster(body: (cluster: ClusterExecutor) => Promise<void>, options?: WorkerOptions): Promise<void> {
    return run(async () => {
      await using worker = await newWorker(options);
      await using cluster = newCluster();
      await body(cluster);
      void worker;
    });
  }

  async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
    const all: T[] = [];
    for await (const item of items) all.push(item);
    return all;
  }

  describe("progress", () => {
    test("comes as it is reported, and ends with the call", async () => {
      await onCluster(async (cluster) => {
        const call = cluster.submit(fns.steps, [3]);
        expect(await collected(call.progress())).toEqual([1, 2, 3].map((i) => ({ step: i, at: new Date(i) })));
        expect(await call).toBe("all");
      });
    });

    test("may be read by several, and later: from the last report on", async () => {
      await onCluster(async (cluster) => {
        const call = cluster.submit(fns.steps, [3]);
        const [first] = await gather(
          () => collected(call.progress()),
          async () => {
            for await (const _ of call.progress()) break;
          },
        );
        expect(first).toHaveLength(3);
        expect(await collected(call.progress())).toEqual([{ step: 3, at: new Date(3) }]);
      });
    });

    test("of a call that fails ends without an error", async () => {
      await onCluster(async (cluster) => {
        const call = cluster.submit(fns.unsendableProgress, []);
        expect(await collected(call.progress())).toEqual([]);
        await expect(call).rejects.toThrow(
          /^the progress of unsendableProgress can't be sent: progress\.done: the function/,
        );
      });
    });
  });

  describe("keys", () => {
    test("name a call for all callers, also when it is done", async () => {
      const file = files.next();
      await onCluster(async (cluster) => {
        await using other = newCluster();
        const options = { key: "report: 2026" };
        expect(await cluster.submit(fns.work, [file, 1, 0], options)).toBe(2);
        expect(await other.submit(fns.work, [file, 1, 0], options)).toBe(2);
        expect(await cluster.submit(fns.work, [file, 1, 0], options)).toBe(2);
        expect(linesOf(file)).toHaveLength(1);
      });
    });

    test("are those of one function", async () => {
      await onCluster(async (cluster) => {
        await cluster.submit(fns.where, [], { key: "k" });
        await expect(cluster.submit(fns.steps, [1], { key: "k" })).rejects.toThrow(
          /^the key "k" is that of another call: where in @turnwise\/cluster\/src\/testing\/work\.ts$/,
        );
      });
    });

    test("can be forgotten", async () => {
      const file = files.next();
      await onCluster(async (cluster) => {
        await cluster.submit(fns.work, [file, 1, 0], { key: "k" });
        expect(await cluster.forget("k")).toBe(true);
        await cluster.submit(fns.work, [file, 1, 0], { key: "k" });
        expect(linesOf(file)).toHaveLength(2);
      });
    });

    test("of a call that was cancelled are free, and all who wait for it hear", async () => {
      const file = files.next();
      await onCluster(async (cluster) => {
        await using other = newCluster();
        const here = cluster.submit(fns.stay, [file], { key: "k" });
        await linesIn(file, 1);
        const there = other.submit(fns.stay, [file], { key: "k" });
        await sleep(0.05);
        here.cancel();
        await expect(there).rejects.toMatchObject({ name: "CancelledError" });
        expect(await linesIn(file, 2)).toEqual(["begun", "ended"]);
        const again = cluster.submit(fns.stay, [file], { key: "k" });
        await linesIn(file, 3);
        again.cancel();
      });
    });

    test("keep a result for as long as it was said", async () => {
      const file = files.next();
      await run(async () => {
        await using worker = await newWorker();
        await using cluster = newCluster({ keep: 0.05 });
        await cluster.submit(fns.work, [file, 1, 0], { key: "k" });
        await sleep(1.2); // BullMQ counts seconds.
        await cluster.submit(fns.where, []); // What is old goes when something ends.
        await cluster.submit(fns.work, [file, 1, 0], { key: "k" });
        expect(linesOf(file)).toHaveLength(2);
        void worker;
      });
    });

    test("or none: nothing is left of a call whose result is here", async () => {
      await onCluster(async (cluster) => {
        await gather(...[1, 2, 3].map(() => cluster.submit(fns.where, [])));
        const client = redis.client();
        await until(async () => {
          const keys = await client.keys(`turnwise:${queue}:*`);
          return !keys.some((key) => /-\d+$|:completed$/.test(key));
        });
        client.disconnect();
      });
    });
  });

  test("priorities say who goes first of those that wait", async () => {
    await run(async () => {
      const file = files.next();
      await using cluster = newCluster();
      const calls = [3, 1, 2].map((priority) => cluster.submit(fns.work, [file, priority, 0], { priority }));
      await until(() => calls.every((call) => call.queueTime > 0));
      await using worker = await newWorker();
      await gather(...calls);
      expect(linesOf(file)).toEqual(["1", "2", "3"]);
      expect(() => cluster.submit(fns.where, [], { priority: 0 })).toThrow(/priority must be a whole number from 1/);
      void worker;
    });
  });

  test("a limit holds for all workers together, until it is taken away", async () => {
    await onCluster(
      async (cluster) => {
        await cluster.limit({ running: 2, rate: { calls: 1000, per: 1 } });
        const file = files.next();
        const calls = [1, 2, 3, 4].map((n) => cluster.submit(fns.work, [file, n, 0.3]));
        await linesIn(file, 2);
        await sleep(0.1);
        expect(linesOf(file)).toHaveLength(2);
        expect((await clusterStatus({ connection: redis.url, queue })).queues[0]?.limit).toEqual({
          running: 2,
          rate: { calls: 1000, per: 1 },
        });
        await gather(...calls);
        await cluster.limit({ running: null, rate: null });
        expect((await clusterStatus({ connection: redis.url, queue })).queues[0]?.limit).toEqual({
          running: null,
          rate: null,
        });
      },
      { concurrency: 4 },
    );
  });

  describe("what is not served", () => {
    const elsewhere = functionsOf<{ f(): void; readFileSync(path: string): unknown }>("node:fs");

    test("is refused on the worker, once and for all", async () => {
      await onCluster(async (cluster) => {
        await expect(
          cluster.submit(elsewhere.readFileSync, ["/etc/passwd"], { retries: 3, backoff: { delay: 60 } }),
        ).rejects.toThrow(
          /^the worker does not serve the module node:fs, but @turnwise\/cluster\/src\/testing\/work\.ts$/,
        );
      });
    });

    test.each(["constructor", "__proto__", "toString", "then"])("nor is %s a function of a module", async (name) => {
      await onCluster(async (cluster) => {
        const inherited = functionsOf<Record<string, () => void>>(module)[name];
        await expect(cluster.submit(inherited as never, [])).rejects.toThrow(/exports no function/);
      });
    });
  });

  test("a module may be served under a name of its own", async () => {
    await run(async () => {
      const named = functionsOf<typeof work>("cluster:pictures");
      await using worker = await startWorker([{ name: "pictures", module }], { connection: redis.url, queue });
      await using cluster = newCluster();
      expect(await cluster.submit(named.where, [])).toBe(worker.name);
    });
  });

  test("a cluster may be the default executor", async () => {
    await run(async () => {
      await using worker = await newWorker();
      setDefaultExecutor(newCluster());
      expect(await toThread(fns.where)).toBe(worker.name);
    });
  });

  test("one executor serves one loop after the other", async () => {
    const cluster = newCluster();
    for (let i = 0; i < 2; i++) {
      await run(async () => {
        await using worker = await newWorker();
        expect(await cluster.submit(fns.where, [])).toBe(worker.name);
      });
    }
  });

  test("a virtual clock stands still while a call is out", async () => {
    const worker = await WorkerProcess.start(redis.url, [module], { queue });
    const time = await runVirtual(
      async () => {
        await using cluster = newCluster();
        await cluster.submit(fns.work, [files.next(), 1, 0.3]);
        return getRunningLoop().time();
      },
      { patience: 20 },
    );
    expect(time).toBe(0);
    await worker.end();
  });

  test("a worker that is closed gives back what runs: another one does it", async () => {
    await run(async () => {
      const file = files.next();
      const first = await newWorker();
      await using cluster = newCluster();
      const call = cluster.submit(fns.waitFor, [files.next()]);
      const stays = cluster.submit(fns.stay, [file]);
      await until(() => first.running === 1);
      await first.close();
      expect(call.done()).toBe(false);
      await using second = await newWorker({ concurrency: 2 });
      await linesIn(file, 1);
      call.cancel();
      stays.cancel();
      void second;
    });
  });

  describe("what is seen of a call", () => {
    test("is where it is, for how long, and who runs it", async () => {
      await run(async () => {
        const file = files.next();
        await using cluster = newCluster();
        const call = cluster.submit(fns.waitFor, [file]);
        const name = "waitFor in @turnwise/cluster/src/testing/work.ts";
        expect(call._purpose()).toBe(`${name}, on its way to the queue`);
        await until(() => call.queueTime > 0.1);
        expect(call._purpose()).toMatch(new RegExp(`^${name}, on the queue for 0\\.\\d s$`));
        await using worker = await newWorker();
        await until(() => call.worker !== null);
        expect(call._purpose()).toMatch(new RegExp(`^${name}, running for \\d\\.\\d s on ${worker.name}$`));
        call.cancel();
      });
    });

    test("is how long it was on the queue and how long it ran, when it is done", async () => {
      await run(async () => {
        await using cluster = newCluster();
        const call = cluster.submit(fns.work, [files.next(), 1, 0.3]);
        await until(() => call.queueTime > 0.2);
        await using worker = await newWorker();
        await call;
        expect(call.queueTime).toBeGreaterThan(0.2);
        expect(call.runTime).toBeGreaterThan(0.25);
        expect(call.runTime).toBeLessThan(5);
        void worker;
      });
    });

    test("is a lane of its own in a recording: the queue, then the worker", async () => {
      const recording = record();
      let name = "";
      await run(async () => {
        await using cluster = newCluster();
        const call = cluster.submit(fns.work, [files.next(), 1, 0.3]);
        await until(() => call.queueTime > 0.2);
        await using worker = await newWorker();
        ({ name } = worker);
        await call;
      });
      const { tasks, steps } = recording.stop(0);
      const lane = tasks.find((task) => task.name === "work in @turnwise/cluster/src/testing/work.ts");
      const waits = steps
        .filter(({ task }) => task === lane?.id)
        .map(({ on, begin }, i, all) => ({ on, seconds: (all[i + 1]?.begin ?? begin) - begin }));
      expect(waits.map(({ on }) => on)).toEqual(["the way to the queue", `the queue ${queue}`, name, ""]);
      expect(waits[1]?.seconds).toBeGreaterThan(0.2);
      expect(waits[2]?.seconds).toBeGreaterThan(0.25);
      const main = steps.filter(({ on }) => on === "work in @turnwise/cluster/src/testing/work.ts");
      expect(main).toHaveLength(1);
    });

    test("is that Redis is out of reach", async () => {
      await using own = await RedisServer.start("--appendonly", "yes");
      await run(async () => {
        const cluster = new ClusterExecutor({ connection: own.url });
        const call = cluster.submit(fns.where, []);
        await until(() => call.queueTime > 0);
        await own.kill();
        await until(() => call._purpose().includes("Redis out of reach for"));
        call.cancel();
      });
    });
  });

  test("the status shows queues, workers, what runs and what failed", async () => {
    await run(async () => {
      await using worker = await newWorker({ concurrency: 1 });
      await using cluster = newCluster();
      await expect(cluster.submit(fns.unsendableProgress, [])).rejects.toThrow();
      const running = cluster.submit(fns.waitFor, [files.next()]);
      const waiting = cluster.submit(fns.where, [], { priority: 5 });
      await until(() => running.runTime > 0 && waiting.queueTime > 0);
      const { redis: where, queues: all } = await clusterStatus({ connection: redis.url });
      running.cancel();
      await waiting;
      expect(where).toBe(redis.url);
      const own = all.find(({ name }) => name === queue);
      const inModule = (name: string): string => `${name} in @turnwise/cluster/src/testing/work.ts`;
      expect(own).toMatchObject({ waiting: 1, running: 1, failed: 1, workers: [{ name: worker.name }] });
      expect(own?.runningCalls).toMatchObject([{ name: inModule("waitFor"), worker: worker.name }]);
      expect(own?.failedCalls).toMatchObject([
        {
          name: inModule("unsendableProgress"),
          worker: worker.name,
          reason: expect.stringMatching(/^the progress of unsendableProgress can't/),
        },
      ]);
      expect(own?.failedCalls[0]?.stack).toMatch(/at unsendableProgress .*work\.ts/);
      expect(own?.failedCalls[0]?.stack).not.toContain("for the caller");
    });
  });
});
