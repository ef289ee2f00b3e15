/** Workers in processes of their own, which can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { WorkerOptions } from "../worker.ts";

const program = fileURLToPath(new URL("./worker-program.ts", import.meta.url));

export class WorkerProcess {
  /** "host:pid". */
  readonly name: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.name = name;
  }

  static async start(
    connection: string,
    modules: readonly URL[],
    options: Omit<WorkerOptions, "report" | "connection"> = {},
  ): Promise<WorkerProcess> {
    const argument = JSON.stringify({ connection, modules: modules.map(String), ...options });
    const child = spawn(process.execPath, ["--conditions=turnwise-source", program, argument], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [name] = (await once(child.stdout, "data")) as [Buffer];
    return new WorkerProcess(child, String(name).trim());
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#signal("SIGKILL");
  }

  /** As systemd or Kubernetes ends it. @returns its exit code. */
  async end(): Promise<number | null> {
    await this.#signal("SIGTERM");
    return this.#child.exitCode;
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill(signal);
    await exited;
  }
}
