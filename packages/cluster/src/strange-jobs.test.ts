// What others put into Redis, and options that would let nothing run: an error says so, and all else goes on.
import { Queue, Worker } from "bullmq";
import { functionsOf, run } from "turnwise/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClusterExecutor } from "./cluster-executor.ts";
import { clusterStatus } from "./status.ts";
import { until } from "./testing/files.ts";
import { noRedis, RedisServer, sayIfSkipped } from "./testing/redis-server.ts";
import type * as calls from "../../turnwise/src/node/testing/calls.ts";
import { startWorker } from "./worker.ts";

const module = new URL("../../turnwise/src/node/testing/calls.ts", import.meta.url);
const fns = functionsOf<typeof calls>(module);
const MARK = "\n    --- the error, for the caller: ";

sayIfSkipped();
describe.skipIf(noRedis !== null)("on a queue", () => {
  let redis: RedisServer;
  let queue: string;
  let queues = 0;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    queue = `strange ${queues++}`;
  });
  const connection = (): { host: string; port: number } => ({ host: "127.0.0.1", port: redis.port });

  test.each([
    ["{oops", "no JSON"],
    ["null", "null"],
    ['{"json":null}', "no error"],
    ['{"v8":"AAAA"}', "no v8"],
    ['{"json":{"name":"Error","message":"m","errors":7}}', "no list"],
  ])("an error that nobody can read fails its call: %s", async (packed) => {
    const others = new Worker(
      queue,
      async () => {
        throw Object.assign(new Error("no word of ours"), { stack: `Error${MARK}${packed}` });
      },
      { connection: connection(), prefix: "turnwise" },
    );
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url, queue });
      await expect(cluster.submit(fns.add, [1, 1])).rejects.toThrow("no word of ours");
    });
    await others.close();
  });

  test("a job that is none leaves its worker and the status as they are", async () => {
    const name = "add in turnwise/src/node/testing/calls.ts";
    const jobs = new Queue(queue, { connection: connection(), prefix: "turnwise" });
    await run(async () => {
      await using worker = await startWorker([module], { connection: redis.url, queue, concurrency: 2 });
      await using cluster = new ClusterExecutor({ connection: redis.url, queue });
      const strange = await jobs.add(name, { json: [1, 2] }, { delay: 60_000 });
      const nameless = await jobs.add(name, { json: "ab" }, { delay: 60_000 });
      const client = redis.client();
      await client.hset(jobs.toKey(strange.id as string), "data", "{oops");
      await client.hdel(jobs.toKey(nameless.id as string), "name");
      client.disconnect();
      await nameless.promote();
      await strange.promote();
      await until(() => jobs.getActiveCount().then((count) => count === 1));
      expect(await cluster.submit(fns.add, [1, 2])).toBe(3);
      const status = (await clusterStatus({ connection: redis.url, queue })).queues[0];
      expect(status).toMatchObject({ running: 1, runningCalls: [], failed: 1, failedCalls: [{ name: "undefined" }] });
      void worker;
    });
    await jobs.close();
  });

  test("a result does not stay in Redis' memory once its caller has it", async () => {
    await run(async () => {
      await using worker = await startWorker([module], { connection: redis.url, queue });
      await using cluster = new ClusterExecutor({ connection: redis.url, queue });
      const client = redis.client();
      const events = `turnwise:${queue}:events`;
      expect((await cluster.submit(fns.default, ["x".repeat(1_000_000)])).length).toBeGreaterThanOrEqual(1_000_000);
      await until(async () => ((await client.memory("USAGE", events)) ?? 0) < 100_000);
      client.disconnect();
      void worker;
    });
  });

  test.each([
    [{ running: 0 }, /running must be a whole number above 0, got 0/],
    [{ running: 1.5 }, /running must be a whole number above 0/],
    [{ rate: { calls: 0, per: 1 } }, /rate\.calls must be a whole number above 0/],
    [{ rate: { calls: 1, per: 0 } }, /rate\.per must be a number of seconds, 0\.001 or more, got 0/],
  ])("a limit that would let nothing run is refused: %j", async (limit, message) => {
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: redis.url, queue });
      await expect(cluster.limit(limit)).rejects.toThrow(message);
    });
  });

  test("a result may be kept for ever", async () => {
    await run(async () => {
      await using worker = await startWorker([module], { connection: redis.url, queue });
      await using cluster = new ClusterExecutor({ connection: redis.url, queue, keep: Infinity });
      expect(await cluster.submit(fns.add, [1, 2], { key: "sum" })).toBe(3);
      void worker;
    });
  });
});

test.each([
  [{ concurrency: 0 }, /concurrency must be a whole number above 0, got 0/],
  [{ lease: 1e10 }, /lease must be a number of seconds from 0\.1 to 2,147,483, got 10000000000/],
  [{ maxLost: -1 }, /maxLost must be a whole number, 0 or more, got -1/],
  [{ queue: "a:b" }, /a queue's name is not empty, and has no colon in it; got "a:b"/],
])("a worker refuses %j", async (options, message) => {
  await expect(startWorker([module], options)).rejects.toThrow(message);
});
