// One interface: a cluster of one worker does what threads do.
import { afterAll, beforeAll, describe } from "vitest";
import { callsModule, testExecutor } from "../../turnwise/src/node/testing/executor-suite.ts";
import { ClusterExecutor } from "./cluster-executor.ts";
import { noRedis, RedisServer, sayIfSkipped } from "./testing/redis-server.ts";
import { WorkerProcess } from "./testing/worker-process.ts";

sayIfSkipped();
describe.skipIf(noRedis !== null)("over Redis", () => {
  let redis: RedisServer;
  let worker: WorkerProcess;
  beforeAll(async () => {
    redis = await RedisServer.start();
    worker = await WorkerProcess.start(redis.url, [callsModule]);
  });
  afterAll(async () => {
    await worker.end();
    await redis[Symbol.asyncDispose]();
  });

  testExecutor("ClusterExecutor", {
    make: () => new ClusterExecutor({ connection: redis.url }),
    cancelsWhatRuns: true,
    isSequential: true,
  });
});
