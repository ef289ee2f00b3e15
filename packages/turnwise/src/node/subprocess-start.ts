/** Starting a child process: its options, what Node makes of them, and the words for what can go wrong. */
import { type ChildProcess, spawn } from "node:child_process";
import { statSync } from "node:fs";
import type { Socket } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runInScope } from "#async-context";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { codeOf, reword } from "./io-errors.ts";
import { Operation } from "./operation.ts";
import { SocketPair } from "./socket-pair.ts";

/**
 * What a child's stdin, stdout and stderr can be: asyncio's `asyncio.subprocess`. Apart from these: a file descriptor
 * of this process, or an open file (`await open("log", "w")`); null, the default, for the one that this process has.
 */
export const subprocess: {
  /** A pipe to this process. */
  readonly PIPE: "pipe";
  /** For stderr: where stdout goes. */
  readonly STDOUT: "stdout";
  /** Nothing to read; what is written is dropped. */
  readonly DEVNULL: "devnull";
} = { PIPE: "pipe", STDOUT: "stdout", DEVNULL: "devnull" };

/** See {@link subprocess}. */
export type Stdio = typeof subprocess.PIPE | typeof subprocess.DEVNULL | number | { readonly fd: number } | null;

/** How a child process is started. */
export interface SpawnOptions {
  readonly stdin?: Stdio | undefined;
  readonly stdout?: Stdio | undefined;
  readonly stderr?: Stdio | typeof subprocess.STDOUT | undefined;
  /** The folder that it runs in; by default this process's. */
  readonly cwd?: string | URL | undefined;
  /** Its whole environment; by default this process's. `{ ...process.env, NAME: "value" }` adds to that. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * It leads a session and a process group of its own: Ctrl-C at the terminal does not reach it, and where it is killed
   * at the end of its scope, or with its transport, all of its group is. asyncio's `start_new_session`.
   */
  readonly startNewSession?: boolean | undefined;
}

/** A program and its arguments, or a line for the shell. */
export type Command = { readonly program: string; readonly args: readonly string[] } | { readonly shell: string };

/** A child that runs, and the pipe for its stdout and stderr together, if it has one. */
export interface Started {
  readonly child: ChildProcess;
  readonly merged: Socket | null;
}

/** @throws TypeError; RangeError. */
export function checkStart(command: Command, options: SpawnOptions): void {
  if ("shell" in command) {
    if (typeof command.shell !== "string") throw new TypeError(`cmd must be a string, got ${describe(command.shell)}`);
  } else {
    const { program, args } = command;
    if (typeof program !== "string") throw new TypeError(`program must be a string, got ${describe(program)}`);
    if (!Array.isArray(args)) throw new TypeError(`the program's arguments must be an array, got ${describe(args)}`);
    for (const arg of args as readonly unknown[]) {
      if (typeof arg !== "string") throw new TypeError(`program arguments must be strings, got ${describe(arg)}`);
    }
  }
  for (const name of ["stdin", "stdout", "stderr"] as const) {
    const value = options[name] ?? null;
    if (value === null || value === "pipe" || value === "devnull") continue;
    if (value === "stdout" && name === "stderr") continue;
    if (Number.isInteger(typeof value === "object" ? value.fd : value)) continue;
    const constants = name === "stderr" ? "PIPE, STDOUT, DEVNULL" : "PIPE, DEVNULL";
    throw new TypeError(
      `${name} must be ${constants} of subprocess, a file descriptor, an open file or null; got ${describe(value)}`,
    );
  }
}

/**
 * Starts a child. Cancelled, it leaves nothing behind; once there is a child, it is the caller's.
 * @throws Node's error, in our words.
 */
export async function start(loop: EventLoop, command: Command, options: SpawnOptions): Promise<Started> {
  const pair = options.stdout === "pipe" && options.stderr === "stdout" ? new SocketPair() : null;
  try {
    await pair?.connect(loop);
    const child = spawnChild(command, options, pair);
    if (child.pid === undefined) await failure(loop, child);
    pair?.theirs.destroy();
    return { child, merged: pair?.ours ?? null };
  } catch (thrown) {
    pair?.destroy();
    throw explainStart(thrown, command, options);
  }
}

function spawnChild(command: Command, options: SpawnOptions, pair: SocketPair | null): ChildProcess {
  const stdout = pair?.theirs ?? stdioOf(options.stdout, 1);
  const stdio = [
    stdioOf(options.stdin, 0),
    stdout,
    options.stderr === "stdout" ? stdout : stdioOf(options.stderr, 2),
  ] as const;
  const how = {
    stdio: [...stdio],
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv | undefined,
    detached: options.startNewSession === true,
    windowsHide: true,
  };
  // Outside of the task: what happens to the child is none of the task's code.
  return runInScope(undefined, () =>
    "shell" in command ? spawn(command.shell, { ...how, shell: true }) : spawn(command.program, command.args, how),
  );
}

function stdioOf(value: Stdio | undefined, inherited: number): "pipe" | "ignore" | number {
  if (value === "pipe") return "pipe";
  if (value === "devnull") return "ignore";
  return typeof value === "object" || value === undefined ? (value?.fd ?? inherited) : value;
}

/** Waits for the error that Node will tell, and throws it. */
async function failure(loop: EventLoop, child: ChildProcess): Promise<never> {
  const failed = new Operation<never>(loop, "the start of a process");
  child.once("error", (error) => failed.fail(error));
  for (const stream of child.stdio) stream?.destroy();
  return await failed;
}

const WORDS: Readonly<Record<string, (name: string) => string>> = {
  ENOENT: (name) =>
    `there is no program ${name}: ` +
    (name.includes(" ")
      ? "its arguments go into the array, or use createSubprocessShell"
      : "is it installed, and on the PATH?"),
  EACCES: (name) => `no permission to run ${name}: make it executable (chmod +x), or run its interpreter with it`,
  EAGAIN: (name) => `can't start ${name}: too many processes; let some end, or raise the limit (ulimit -u)`,
  EMFILE: (name) => `can't start ${name}: too many open files; close some, or raise the limit (ulimit -n)`,
  ENFILE: (name) => `can't start ${name}: the system has too many open files`,
  EBADF: (name) => `can't start ${name}: what was given as its stdin, stdout or stderr is no open file descriptor`,
  E2BIG: (name) => `can't start ${name}: its arguments and environment are too long; use its stdin, or a file`,
};

/** Rewords an error of Node's, which keeps its `code`. Node names the program, whatever is missing. */
function explainStart(thrown: unknown, command: Command, options: SpawnOptions): unknown {
  const { syscall } = (thrown ?? {}) as NodeJS.ErrnoException;
  const code = codeOf(thrown);
  if (syscall?.startsWith("spawn") !== true || code === undefined) return thrown;
  const program = "shell" in command ? "the shell" : command.program;
  const folder = options.cwd instanceof URL ? fileURLToPath(options.cwd) : (options.cwd ?? ".");
  const words = folderWords(folder, program) ?? pathWords(code, program, folder) ?? WORDS[code]?.(program);
  return words === undefined ? thrown : reword(thrown as Error, `${words} (${code})`);
}

function folderWords(folder: string, program: string): string | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) return undefined;
  return stat === undefined
    ? `there is no folder ${folder} to run ${program} in: is cwd right?`
    : `can't run ${program} in ${folder}: that is no folder; is cwd right?`;
}

/** Of a program that was not looked up on the PATH. */
function pathWords(code: string, program: string, folder: string): string | undefined {
  if (!program.includes("/")) return undefined;
  const path = resolve(folder, program);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (code === "ENOENT") {
    return stat === undefined
      ? `there is no program ${path}: is the path right?`
      : `can't run ${path}: the interpreter that its first line names is not there`;
  }
  return code === "EACCES" && stat?.isDirectory() === true ? `can't run ${path}: it is a folder` : undefined;
}
