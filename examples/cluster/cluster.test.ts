import { expect, test } from "vitest";
import { noRedis, RedisServer, sayIfSkipped } from "../../packages/cluster/src/testing/redis-server.ts";
import { start, startNode } from "../../packages/cli/src/testing/program.ts";

const PROGRAM = "examples/cluster/main.ts";
const LAST = /9592 primes below 100000, counted in \d+\.\d s\n$/;

test.each(["loop", "threads"])("primes are counted on %s", async (on) => {
  const { stdout, stderr, code } = await startNode([PROGRAM, "--on", on, "--to", "100000"]).outcome;
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^0 to 5000: 669\n/);
  expect(stdout).toMatch(LAST);
  expect(code).toBe(0);
});

sayIfSkipped();
test.skipIf(noRedis !== null)("primes are counted on a cluster", async () => {
  await using redis = await RedisServer.start();
  const env = { TURNWISE_REDIS_URL: redis.url };
  const worker = start(["worker", "--queue", "primes", "examples/cluster/primes.ts"], { env });
  const { stdout, stderr } = await startNode([PROGRAM, "--on", "cluster", "--to", "100000"], { env }).outcome;
  worker.child.kill();
  expect(stderr).toBe("");
  expect(stdout).toMatch(LAST);
  expect((await worker.outcome).code).toBe(0);
});

test("another place is refused", async () => {
  const { stderr, code } = await startNode([PROGRAM, "--on", "mars"]).outcome;
  expect(stderr).toMatch(/--on takes loop, threads, cluster; got mars/);
  expect(code).toBe(2);
});
