/** A Redis of the tests' own: on a port that is free, in a folder that goes with it. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** Why there is no Redis here; null where there is one. */
export const noRedis: string | null = (() => {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return null;
  } catch {
    return "skipped: there is no redis-server on this machine (Debian: apt-get install redis-server)";
  }
})();

/** Says once a file why its tests were skipped. */
export function sayIfSkipped(): void {
  if (noRedis !== null) console.warn(noRedis);
}

/** A server, as long as it is not stopped. */
export class RedisServer implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), "turnwise-redis-"));
  port = 0;
  readonly #args: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** @param args - of `redis-server`. With `--tls-port 0` the port that is free is for TLS. */
  static async start(...args: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(args);
    server.port = await freePort();
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again on the same port with the data that it left. */
  async begin(): Promise<void> {
    const port = ["--port", String(this.port)];
    const tls = this.#args.indexOf("--tls-port");
    const args = tls < 0 ? [...port, ...this.#args] : [...this.#args.with(tls + 1, String(this.port)), "--port", "0"];
    this.#process = spawn("redis-server", [...args, "--dir", this.folder, "--save", ""], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve, reject) => {
      this.#process?.stdout?.on("data", (text: Buffer) => {
        if (text.includes("Ready to accept connections")) resolve();
      });
      this.#process?.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
    });
  }

  /** Kills it, as if the power failed. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** A connection for a test's own look. */
  client(): Redis {
    return new Redis(this.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
