// The way to Redis: where it is, TLS, and nothing of the credentials in what is said.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { functionsOf, run } from "turnwise/node";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ClusterExecutor } from "./cluster-executor.ts";
import { type Connection, connectionError, connectionOptions, shownConnection } from "./connection.ts";
import { ClusterConnectionError } from "./errors.ts";
import { clusterStatus } from "./status.ts";
import { noRedis, RedisServer, sayIfSkipped } from "./testing/redis-server.ts";
import { startWorker } from "./worker.ts";
import type * as work from "./testing/work.ts";

const module = new URL("./testing/work.ts", import.meta.url);
const fns = functionsOf<typeof work>(module);
const shown = (connection?: Connection): string => shownConnection(connectionOptions(connection));

describe("where Redis is", () => {
  beforeEach(() => {
    vi.stubEnv("TURNWISE_REDIS_URL", undefined);
    vi.stubEnv("REDIS_URL", undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  test("is said by the environment", () => {
    expect(shown()).toBe("redis://localhost:6379");
    vi.stubEnv("REDIS_URL", "redis://a.example:1");
    expect(shown()).toBe("redis://a.example:1");
    vi.stubEnv("TURNWISE_REDIS_URL", "rediss://b.example:2/3");
    expect(shown()).toBe("rediss://b.example:2/3");
  });

  test.each<[Connection, string]>([
    ["redis://user:secret@host:7000/0", "redis://host:7000/0"],
    [new URL("rediss://host"), "rediss://host:6379"],
    [{ host: "host", port: 7000, password: "secret" }, "redis://host:7000"],
    [{ url: "redis://:secret@host", tls: {} }, "rediss://host:6379"],
    ["unix:///run/redis.sock", "unix:///run/redis.sock"],
    [{ path: "/run/redis.sock" }, "unix:///run/redis.sock"],
  ])("is shown without credentials: %j", (connection, text) => {
    expect(shown(connection)).toBe(text);
  });

  test("is no URL of another kind: the error does not repeat it", () => {
    expect(() => connectionOptions("http://user:secret@host")).toThrow(/^a URL of Redis begins with redis:/);
  });

  test.each([
    "redis://:s/ecret@host",
    "redis://:s#ecret@host",
    "redis://:100%secret@host",
    "redis://:secret@host:99999",
    "redis://:secret@",
    "redis://:secret@host/zero",
    "unix://:secret@/run/redis.sock",
  ])("is no URL that can't be read: the error has nothing of it: %s", (url) => {
    let thrown: unknown;
    try {
      connectionOptions(url);
    } catch (error) {
      thrown = error;
    }
    expect(String(thrown)).toMatch(/^TypeError: a URL of Redis is redis:.* percent-encoded/);
    expect(inspect(thrown, { showHidden: true, depth: null })).not.toContain("ecret@");
  });

  test("is said in errors, the password is not", () => {
    const place = connectionOptions("redis://user:s%40cret@host");
    expect(String(connectionError(place, new Error("AUTH user s@cret failed")))).toBe(
      "ClusterConnectionError: redis://host:6379: AUTH user *** failed",
    );
  });
});

sayIfSkipped();
describe.skipIf(noRedis !== null)("a connection", () => {
  test("that can't be made fails the call, and ends what was begun", async () => {
    await run(async () => {
      await using cluster = new ClusterExecutor({ connection: "redis://127.0.0.1:1" });
      await expect(cluster.submit(fns.where, [])).rejects.toThrow(
        new ClusterConnectionError("redis://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1"),
      );
      await expect(cluster.limit({ running: 1 })).rejects.toThrow(ClusterConnectionError);
    });
    await expect(run(() => startWorker([module], { connection: "redis://127.0.0.1:1" }))).rejects.toThrow(
      ClusterConnectionError,
    );
    await expect(run(() => clusterStatus({ connection: "redis://127.0.0.1:1" }))).rejects.toThrow(
      ClusterConnectionError,
    );
  });

  test("needs the right password, which no error shows", async () => {
    await using redis = await RedisServer.start("--requirepass", "s3cret-right");
    const url = (password: string): string => redis.url.replace("//", `//:${password}@`);
    await run(async () => {
      await using worker = await startWorker([module], { connection: url("s3cret-right") });
      expect(String(worker)).not.toContain("s3cret");
      await using cluster = new ClusterExecutor({ connection: url("s3cret-right") });
      expect(await cluster.submit(fns.where, [])).toBe(worker.name);
      for (const password of ["s3cret-wrong", ""]) {
        await using wrong = new ClusterExecutor({ connection: url(password) });
        const error = await Promise.resolve(wrong.submit(fns.where, [])).then(
          () => expect.unreachable(),
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(ClusterConnectionError);
        expect(String(error)).toMatch(/WRONGPASS|NOAUTH/);
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("s3cret");
      }
    });
  });

  test.skipIf(!hasOpenssl())("goes over TLS, if the certificate is trusted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "turnwise-tls-"));
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject],
      {
        stdio: "ignore",
      },
    );
    const files = ["--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert];
    await using redis = await RedisServer.start("--tls-port", "0", ...files, "--tls-auth-clients", "no");
    const url = redis.url.replace("redis:", "rediss:");
    await run(async () => {
      const connection = { url, tls: { ca: readFileSync(cert) } };
      await using worker = await startWorker([module], { connection });
      await using cluster = new ClusterExecutor({ connection });
      expect(await cluster.submit(fns.where, [])).toBe(worker.name);
      await using distrustful = new ClusterExecutor({ connection: url });
      await expect(distrustful.submit(fns.where, [])).rejects.toThrow(/self-signed certificate/);
    });
    rmSync(folder, { recursive: true });
  });

  test("may be a Unix socket", async () => {
    await using redis = await RedisServer.start("--unixsocket", "redis.sock");
    const connection = `unix://${join(redis.folder, "redis.sock")}`;
    await run(async () => {
      await using worker = await startWorker([module], { connection });
      await using cluster = new ClusterExecutor({ connection });
      expect(await cluster.submit(fns.where, [])).toBe(worker.name);
    });
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
