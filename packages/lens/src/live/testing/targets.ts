/** Processes to look at. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** A process that runs until the end of the block that it was started in. */
export class Target implements AsyncDisposable {
  readonly child: ChildProcess;
  /** What it has written to stdout. */
  stdout = "";
  stderr = "";

  constructor(command: string, args: readonly string[]) {
    // Vitest's own settings would change how it runs.
    const { NODE_OPTIONS: _, TURNWISE_DEBUG: __, ...env } = process.env;
    this.child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.child.stdout?.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Settles when it has written `text`. */
  async printed(text: string): Promise<this> {
    while (!this.stdout.includes(text)) await once(this.child.stdout as NodeJS.EventEmitter, "data");
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isAlive()) return;
    const exit = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await exit;
  }
}

/** Starts a program of this folder, and waits until it says that it is ready. */
export async function startTarget(program: string, flags: readonly string[] = []): Promise<Target> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  return await new Target(process.execPath, ["--conditions=turnwise-source", ...flags, file]).printed("ready\n");
}

/** The flag for an inspector that no other test is in the way of. */
export async function ownPort(): Promise<string> {
  return `--inspect-port=${await freePort()}`;
}

/**
 * A port that nobody listens on. It is below those that the system gives to connections and to servers that don't care:
 * another test can't happen to get it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
