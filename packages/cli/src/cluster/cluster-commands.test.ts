// `turnwise worker` and `turnwise cluster status`, as a person uses them.
import { once } from "node:events";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { ClusterExecutor } from "@turnwise/cluster";
import { functionsOf, run } from "turnwise/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noRedis, RedisServer, sayIfSkipped } from "../../../cluster/src/testing/redis-server.ts";
import { linesIn, until } from "../../../cluster/src/testing/files.ts";
import { root, start, turnwise } from "../testing/program.ts";
import { formatStatus } from "./format-status.ts";
import { printable } from "./printable.ts";

interface Work {
  greet(name: string): string;
  stay(file: string): Promise<void>;
  failing(): void;
}

sayIfSkipped();
describe.skipIf(noRedis !== null)("with Redis", () => {
  let redis: RedisServer;
  let folder: string;
  beforeAll(async () => {
    redis = await RedisServer.start("--requirepass", "s3cret");
    folder = mkdtempSync(join(tmpdir(), "turnwise-cli-cluster-"));
    writeFileSync(join(folder, "package.json"), '{ "name": "shop", "type": "module" }');
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(
      join(folder, "work.ts"),
      `import { appendFileSync } from "node:fs";
       import { sleep } from "turnwise";
       export const greet = (name: string): string => \`hello \${name}\`;
       export async function stay(file: string): Promise<void> {
         appendFileSync(file, "begun\\n");
         try { await sleep(60); } finally { appendFileSync(file, "ended\\n"); }
       }
       export function failing(): never { throw new RangeError("no \\u001b[31mred"); }`,
    );
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const url = (): string => redis.url.replace("//", "//:s3cret@");
  const env = (): NodeJS.ProcessEnv => ({ TURNWISE_REDIS_URL: url() });

  /** Runs a worker while `body` calls it. @returns what it said. */
  async function withWorker(
    args: readonly string[],
    body: (cluster: ClusterExecutor, stop: () => void) => Promise<unknown>,
  ): Promise<{ code: number | null; stderr: string }> {
    const queue = args[args.indexOf("--queue") + 1] as string;
    const worker = start(["worker", ...args], { cwd: folder, env: env() });
    let stops = 0;
    const stop = (): void => void (stops++, worker.child.kill("SIGTERM"));
    try {
      await run(async () => {
        await using cluster = new ClusterExecutor({ connection: url(), queue });
        await body(cluster, stop);
      });
    } finally {
      if (stops === 0) stop();
    }
    return await worker.outcome;
  }

  const fns = (): ReturnType<typeof functionsOf<Work>> => functionsOf<Work>(pathToFileURL(join(folder, "work.ts")));

  test("a worker runs calls, says what it serves, and ends at SIGTERM", async () => {
    const { code, stderr } = await withWorker(["--queue", "a", "--concurrency", "3", "work.ts"], async (cluster) => {
      expect(await cluster.submit(fns().greet, ["Ada"])).toBe("hello Ada");
      await expect(cluster.submit(fns().failing, [])).rejects.toThrow(RangeError);
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /serves shop\/work\.ts \(failing, greet, stay\) from the queue a on redis:\/\/127\.0\.0\.1:\d+, 3 at a time\n/,
    );
    expect(stderr).toMatch(/failing in shop\/work\.ts failed: RangeError: no �\[31mred\n/);
    expect(stderr).toMatch(/ done\n$/);
    expect(stderr).not.toContain("s3cret");
  });

  test("a module may have a name of its own", async () => {
    await withWorker(["--queue", "b", "greetings=work.ts"], async (cluster) => {
      expect(await cluster.submit(functionsOf<Work>("cluster:greetings").greet, ["Eve"])).toBe("hello Eve");
    });
  });

  test("a second SIGTERM gives back what runs", async () => {
    const file = join(folder, "stay.txt");
    const { code, stderr } = await withWorker(["--queue", "c", "work.ts"], async (cluster, stop) => {
      const call = cluster.submit(fns().stay, [file]);
      await linesIn(file, 1);
      stop();
      await until(() => call.runTime > 0.3);
      expect(call.done()).toBe(false);
      stop();
      expect(await linesIn(file, 2)).toEqual(["begun", "ended"]);
      await until(() => !call._what.isRunning);
      call.cancel();
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(/waits for 1 call; again: gives them back\n/);
  });

  test("a worker whose Redis is gone for good ends, and says what is left", async () => {
    await using doomed = await RedisServer.start();
    const file = join(folder, "unheard.txt");
    const args = ["worker", "--redis", doomed.url, "--queue", "e", "work.ts"];
    const [idle, busy] = [start(args, { cwd: folder }), start([...args, "--queue", "f"], { cwd: folder })];
    await once(idle.child.stderr as Readable, "data");
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: doomed.url, queue: "f" });
      const call = cluster.submit(fns().stay, [file]);
      await linesIn(file, 1);
      await doomed.kill();
      for (const { child } of [idle, busy]) child.kill("SIGTERM");
      const { code, stderr } = await idle.outcome;
      expect(code).toBe(0);
      expect(stderr).toMatch(/ can't be reached: ends without it\n.* done\n$/);
      busy.child.kill("SIGTERM"); // It would wait for the lease, so that the result may still arrive.
      expect((await busy.outcome).stderr).toMatch(
        / can't be reached: ends without delivering a result; other workers will get the calls\n.* done\n$/,
      );
      call.cancel();
    });
  });

  test("the status shows queues and workers, and nothing that a terminal would obey", async () => {
    await withWorker(["--queue", "d", "work.ts"], async (cluster) => {
      await expect(cluster.submit(fns().failing, [])).rejects.toThrow();
      const { stdout, code } = await turnwise(["cluster", "status", "--queue", "d"], { env: env() });
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^redis:\/\/127\.0\.0\.1:\d+\n\nd: 0 waiting, 0 running, 1 failed\n {2}workers\n {4}\S+:\d+ {2}from /,
      );
      expect(stdout).toMatch(/failing in shop\/work\.ts {2}\d\.\d s ago {2}on \S+:\d+ {2}no �\[31mred\n$/);
      const json = await turnwise(["cluster", "status", "--json"], { env: env() });
      expect(JSON.parse(json.stdout)).toMatchObject({
        queues: expect.arrayContaining([expect.objectContaining({ name: "d" })]),
      });
    });
  });

  test.each([
    [["worker", "work.ts"], 1, /^error: redis:\/\/127\.0\.0\.1:1: connect ECONNREFUSED/],
    [["cluster", "status"], 1, /^error: redis:\/\/127\.0\.0\.1:1: connect ECONNREFUSED/],
    [["worker", "--redis", "http://u:s3cret@x", "work.ts"], 2, /^error: a URL of Redis begins with redis:/],
    [["worker", "--concurrency", "0", "work.ts"], 2, /^error: --concurrency takes a whole number above 0, got '0'/],
    [["worker", "nowhere.ts"], 1, /^error: Cannot find module/],
    [["worker", "."], 1, /^error: Directory import '.*' is not supported\n$/],
    [["worker", "package.json"], 1, /^error: Module .* needs an import attribute/],
    [["worker", "--queue", "a:b", "work.ts"], 2, /^error: a queue's name .* has no colon in it; got "a:b"/],
    [["worker", "--lease", "1e10", "work.ts"], 2, /^error: lease must be a number of seconds from 0.1 to 2,147,483/],
    [["worker", "--redis", "redis://:s3cret%@x", "work.ts"], 2, /^error: a URL of Redis .* percent-encoded/],
    [["cluster", "status", "--queue", ""], 2, /^error: a queue's name is not empty/],
    [["cluster", "status", "more"], 2, /^error: too many arguments/],
    [["cluster", "status", "--more"], 2, /^error: unknown option/],
    [["worker"], 2, /^error: missing required argument/],
  ])("%j ends with %i", async (args, code, message) => {
    const outcome = await turnwise(args, { cwd: folder, env: { TURNWISE_REDIS_URL: "redis://127.0.0.1:1" } });
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toContain("s3cret");
    expect(outcome.stderr.split("\n")).toHaveLength(2);
    expect(outcome.code).toBe(code);
  });
});

test("a status without queues says so", () => {
  const text = formatStatus({ redis: "redis://localhost:6379", queues: [] }, (heading) => heading);
  expect(text).toBe("redis://localhost:6379\nno queue has been used yet\n");
});

test("what a log or a status shows of the network is one line that no terminal obeys", () => {
  expect(printable("\u001b[2Ja\nb\u202e")).toBe("�[2Ja ⏎ b�");
  expect(printable("abc", 2)).toBe("ab…");
  const calls = [{ id: "1", name: "\u001b[2J in x", worker: null, reason: "no", stack: "", at: 0 }];
  const queue = { name: "a\u0007", waiting: 0, running: 0, delayed: 0, completed: 0, failed: 1, workers: [] };
  const status = { ...queue, limit: { running: null, rate: null }, runningCalls: [], failedCalls: calls };
  const text = formatStatus({ redis: "redis://localhost:6379", queues: [status] }, (heading) => heading, 1000);
  expect(text).toMatch(/^a�: .*^ {4}�\[2J in x {2}1\.0 s ago/ms);
});
