// What a caller can rely on: a test for each row of the table in docs/scale.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { functionsOf, gather, run, sleep, timeout } from "turnwise/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ClusterExecutor } from "./cluster-executor.ts";
import { WorkerLostError } from "./errors.ts";
import { Files, linesIn, linesOf, until } from "./testing/files.ts";
import { Proxy } from "./testing/proxy.ts";
import { noRedis, RedisServer, sayIfSkipped } from "./testing/redis-server.ts";
import type * as work from "./testing/work.ts";
import { WorkerProcess } from "./testing/worker-process.ts";

const modules = [new URL("./testing/work.ts", import.meta.url)];
const fns = functionsOf<typeof work>(modules[0] as URL);
/** A worker that is gone is missed after so many seconds; but so is one that has no turn on a busy machine. */
const lease = 1;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const doubled = (count: number): number[] => numbers(count).map((n) => n * 2);
/** How often each number is in the file. */
const timesRun = (file: string): Map<string, number> =>
  linesOf(file).reduce((times, line) => times.set(line, (times.get(line) ?? 0) + 1), new Map<string, number>());

sayIfSkipped();
describe.skipIf(noRedis !== null)("on a cluster", () => {
  let files: Files;
  beforeAll(() => {
    files = new Files();
  });
  afterAll(() => files[Symbol.dispose]());

  /** Submits `count` calls at once; each result is noted when it arrives. */
  function submitAll(
    cluster: ClusterExecutor,
    count: number,
    seconds: number,
  ): { readonly file: string; readonly arrived: number[]; readonly results: PromiseLike<number[]> } {
    const file = files.next();
    const arrived: number[] = [];
    const calls = numbers(count).map((n) => cluster.submit(fns.work, [file, n, seconds]));
    for (const call of calls) call.addDoneCallback(() => arrived.push(call.result()));
    return { file, arrived, results: gather(...calls) };
  }

  test("a worker that is killed amid 1,000 calls: each result arrives once, none is lost", async () => {
    await using redis = await RedisServer.start();
    const first = await WorkerProcess.start(redis.url, modules, { concurrency: 10, lease });
    const second = await WorkerProcess.start(redis.url, modules, { concurrency: 10, lease });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const { file, arrived, results } = submitAll(cluster, 1000, 0.05);
      // Each has ten at most: both are amid some.
      await until(() => arrived.length > 200 && linesOf(file).length - arrived.length > 15);
      await first.kill();
      expect(arrived.length).toBeLessThan(1000);
      expect(await results).toEqual(doubled(1000));
      expect(arrived.toSorted((a, b) => a - b)).toEqual(doubled(1000));
      const times = timesRun(file);
      expect(times.size).toBe(1000);
      const again = [...times.values()].filter((count) => count > 1);
      expect(again.length).toBeGreaterThan(0);
      expect(again.length).toBeLessThanOrEqual(10); // No more than ran on the one that was killed.
    });
    await second.end();
  });

  test("a worker that gets SIGTERM finishes what it has, and takes no more: nothing runs twice", async () => {
    await using redis = await RedisServer.start();
    const first = await WorkerProcess.start(redis.url, modules, { concurrency: 5 });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const { file, arrived, results } = submitAll(cluster, 100, 0.05);
      await until(() => arrived.length > 10);
      expect(await first.end()).toBe(0);
      expect(linesOf(file).length).toBeLessThan(100);
      const second = await WorkerProcess.start(redis.url, modules, { concurrency: 5 });
      expect(await results).toEqual(doubled(100));
      expect(linesOf(file)).toHaveLength(100);
      await second.end();
    });
  });

  test("Redis that is killed and restarts with its append-only file: each result arrives once", async () => {
    await using redis = await RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
    const worker = await WorkerProcess.start(redis.url, modules, { concurrency: 10, lease });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const { file, arrived, results } = submitAll(cluster, 300, 0.05);
      await until(() => arrived.length > 50);
      await redis.kill();
      const during = cluster.submit(fns.work, [file, 300, 0]);
      await sleep(0.5);
      await redis.begin();
      expect(await results).toEqual(doubled(300));
      expect(await during).toBe(600);
      expect(arrived).toHaveLength(300);
      expect(timesRun(file).size).toBe(301);
    });
    await worker.end();
  });

  test("Redis that restarts with nothing: the caller sends again what it waits for", async () => {
    await using redis = await RedisServer.start();
    const worker = await WorkerProcess.start(redis.url, modules, { concurrency: 2, lease });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const { arrived, results } = submitAll(cluster, 50, 0.05);
      await until(() => arrived.length > 5);
      await redis.kill();
      await redis.begin();
      expect(await results).toEqual(doubled(50));
    });
    await worker.end();
  });

  test("a network that fails between caller and Redis: what came meanwhile arrives, once, and nothing runs twice", async () => {
    await using redis = await RedisServer.start();
    await using wire = await Proxy.start(redis.port);
    const worker = await WorkerProcess.start(redis.url, modules, { concurrency: 10 });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: wire.url });
      const { file, arrived, results } = submitAll(cluster, 300, 0.02);
      await until(() => arrived.length > 50);
      wire.cut();
      const during = cluster.submit(fns.work, [file, 300, 0]);
      await linesIn(file, 250); // The worker goes on.
      const before = arrived.length;
      await sleep(0.2);
      expect(arrived.length).toBe(before);
      wire.mend();
      expect(await results).toEqual(doubled(300));
      expect(await during).toBe(600);
      expect(arrived).toHaveLength(300);
      expect(linesOf(file)).toHaveLength(301);
    });
    await worker.end();
  });

  test("a network that swallows what is sent, and does not say so: the same, once that is noticed", async () => {
    await using redis = await RedisServer.start();
    await using wire = await Proxy.start(redis.port);
    const worker = await WorkerProcess.start(redis.url, modules);
    await run(async () => {
      const connection = { url: wire.url, socketTimeout: 11_000 }; // BullMQ asks Redis to wait for 10 s.
      await using cluster = new ClusterExecutor({ connection });
      const file = files.next();
      const call = cluster.submit(fns.work, [file, 1, 0.2]);
      await linesIn(file, 1);
      wire.freeze();
      const during = cluster.submit(fns.work, [file, 2, 0]);
      await sleep(0.5);
      wire.mend();
      expect(await timeout(40, () => gather(call, during))).toEqual([2, 4]);
      expect(linesOf(file)).toEqual(["1", "2"]);
    });
    await worker.end();
  }, 60_000);

  test("a network that fails between a worker and Redis: its calls go to others, and each result arrives once", async () => {
    await using redis = await RedisServer.start();
    await using wire = await Proxy.start(redis.port);
    const cutOff = await WorkerProcess.start(wire.url, modules, { concurrency: 5, lease });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const { file, arrived, results } = submitAll(cluster, 20, 0.3);
      await linesIn(file, 5);
      wire.cut();
      const other = await WorkerProcess.start(redis.url, modules, { concurrency: 5, lease });
      expect(await results).toEqual(doubled(20));
      expect(arrived).toHaveLength(20);
      wire.mend();
      // The one that was cut off is of use again.
      await other.end();
      expect(await timeout(20, () => cluster.submit(fns.where, []))).toBe(cutOff.name);
    });
    await cutOff.end();
  });

  test("a caller that is killed: another one has the results by key, and nothing runs twice", async () => {
    await using redis = await RedisServer.start();
    const worker = await WorkerProcess.start(redis.url, modules, { concurrency: 5 });
    const file = files.next();
    const program = fileURLToPath(new URL("./testing/caller-program.ts", import.meta.url));
    const caller = spawn(process.execPath, ["--conditions=turnwise-source", program, redis.url, file, "50"]);
    await run(async () => {
      await linesIn(file, 10);
      const exited = once(caller, "exit");
      caller.kill("SIGKILL");
      await exited;
      const before = linesOf(file).length;
      expect(before).toBeLessThan(50);
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const calls = numbers(50).map((n) => cluster.submit(fns.work, [file, n, 0.05], { key: `work ${n}` }));
      expect(await gather(...calls)).toEqual(doubled(50));
      expect(linesOf(file)).toHaveLength(50);
    });
    await worker.end();
  });

  test("a call that kills its workers fails after the last one, and does not take all of them", async () => {
    await using redis = await RedisServer.start();
    const file = files.next();
    const workers = await Promise.all(
      numbers(4).map(() => WorkerProcess.start(redis.url, modules, { lease, maxLost: 1 })),
    );
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      await expect(cluster.submit(fns.crash, [file])).rejects.toThrow(WorkerLostError);
      expect(linesOf(file)).toEqual(["crash", "crash"]);
      expect(await cluster.submit(fns.work, [file, 1, 0])).toBe(2);
    });
    await Promise.all(workers.map((worker) => worker.end()));
  });

  test("events that Redis has thrown away: the result arrives, if later", async () => {
    await using redis = await RedisServer.start();
    await using wire = await Proxy.start(redis.port);
    const worker = await WorkerProcess.start(redis.url, modules);
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: wire.url });
      const file = files.next();
      const call = cluster.submit(fns.work, [file, 1, 0.2]);
      await linesIn(file, 1);
      wire.cut();
      await sleep(0.5);
      const client = redis.client();
      await client.xtrim("turnwise:default:events", "MAXLEN", 0);
      client.disconnect();
      wire.mend();
      expect(await call).toBe(2);
    });
    await worker.end();
  });

  test("so many calls at once that Redis throws events away: each result arrives, and soon", async () => {
    await using redis = await RedisServer.start();
    const worker = await WorkerProcess.start(redis.url, modules, { concurrency: 50, lease: 30 });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      // The stream keeps next to nothing: most is gone before it is read.
      const client = redis.client();
      const trimmer = setInterval(() => void client.xtrim("turnwise:default:events", "MAXLEN", 1), 1);
      const began = performance.now();
      const { arrived, results } = submitAll(cluster, 500, 0);
      expect(await results).toEqual(doubled(500));
      expect(arrived).toHaveLength(500);
      expect(performance.now() - began).toBeLessThan(20_000); // The next look at all is after 30 s.
      clearInterval(trimmer);
      client.disconnect();
    });
    await worker.end();
  });

  test("a caller that cancels: the task is cancelled where it runs, with its finally", async () => {
    await using redis = await RedisServer.start();
    const worker = await WorkerProcess.start(redis.url, modules);
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const file = files.next();
      const running = cluster.submit(fns.stay, [file]);
      const waiting = cluster.submit(fns.work, [file, 7, 0]);
      await linesIn(file, 1);
      waiting.cancel();
      running.cancel();
      expect(await linesIn(file, 2)).toEqual(["begun", "ended"]);
      expect(await cluster.submit(fns.work, [file, 8, 0])).toBe(16);
      expect(linesOf(file)).toEqual(["begun", "ended", "8"]);
    });
    await worker.end();
  });

  test("a caller that cancels while its worker can't hear: it does when it can", async () => {
    await using redis = await RedisServer.start();
    await using wire = await Proxy.start(redis.port);
    const worker = await WorkerProcess.start(wire.url, modules, { lease: 30 });
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url });
      const file = files.next();
      const call = cluster.submit(fns.stay, [file]);
      await linesIn(file, 1);
      wire.cut();
      await sleep(0.2);
      call.cancel();
      await sleep(0.5);
      expect(linesOf(file)).toEqual(["begun"]);
      wire.mend();
      expect(await linesIn(file, 2)).toEqual(["begun", "ended"]);
    });
    await worker.end();
  });
});
