/** Runs programs through the built command, as a person does. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../../../", import.meta.url));
const bin = join(root, "packages/cli/bin/turnwise.js");

/** What a command did. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
  /** Settles when stdout contains `text`. */
  readonly printed: (text: string) => Promise<void>;
}

/** Starts `turnwise ...args`. */
export function start(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Running {
  return startNode([bin, ...args], options);
}

/** Starts `node ...args`. */
export function startNode(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Running {
  // Vitest's own settings would change how the program runs.
  const { NODE_OPTIONS: _, FORCE_COLOR: __, TURNWISE_DEBUG: ___, ...env } = process.env;
  const child = spawn(process.execPath, args, { cwd: options.cwd ?? root, env: { ...env, ...options.env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return {
    child,
    outcome: new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => resolve({ stdout, stderr, code, signal }));
    }),
    printed: (text) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stdout.includes(text)) resolve();
        };
        child.stdout.on("data", look);
        look();
      }),
  };
}

/** Runs `turnwise ...args` to its end. */
export function turnwise(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const { child, outcome } = start(args, options);
  child.stdin?.end();
  return outcome;
}

/** A directory with programs in it that can import what this workspace has; it is gone when the test ends. */
export class ProgramDirectory implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), "turnwise-test-"));

  constructor(programs: Record<string, string>) {
    symlinkSync(join(root, "node_modules"), join(this.path, "node_modules"));
    for (const [name, source] of Object.entries(programs)) writeFileSync(join(this.path, name), source);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Runs a program, given as source, with `turnwise run`. */
export async function runSource(
  source: string,
  options: { name?: string; flags?: string[]; args?: string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Outcome> {
  const name = options.name ?? "program.mjs";
  using directory = new ProgramDirectory({ [name]: source });
  return await turnwise(["run", ...(options.flags ?? []), name, ...(options.args ?? [])], {
    cwd: directory.path,
    ...(options.env && { env: options.env }),
  });
}
