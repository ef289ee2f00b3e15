/** Ctrl-C: heard while a program runs on the loop, and what becomes of the process after it. */
import { KeyboardInterrupt } from "./exceptions.ts";

/** What we use of Node's `process`; a browser has none. */
interface ProcessLike {
  readonly pid: number;
  listenerCount(event: string): number;
  on(event: string, listener: (...args: never[]) => void): void;
  off(event: string, listener: (...args: never[]) => void): void;
  kill(pid: number, signal: string): void;
}
const process = (globalThis as { process?: unknown }).process as Partial<ProcessLike> | undefined;
const hasSignals =
  typeof process?.listenerCount === "function" &&
  typeof process.on === "function" &&
  typeof process.kill === "function";

/** Answers a Ctrl-C: it is dealt with, or the process may end. */
type Heard = () => "handled" | "end";

/** Who listens: each program that runs. */
const programs = new Set<Heard>();

/**
 * Calls `heard` at each Ctrl-C, unless the program listens for it itself. If all who listen answer "end", the process
 * ends as if nobody had listened.
 * @returns a function that stops listening.
 */
export function onInterrupt(heard: Heard): () => void {
  if (!hasSignals) return () => {};
  const host = process as ProcessLike;
  if (programs.size === 0) {
    if (host.listenerCount("SIGINT") > 0) return () => {};
    host.on("SIGINT", listener);
  }
  programs.add(heard);
  return () => {
    if (programs.delete(heard) && programs.size === 0) host.off("SIGINT", listener);
  };
}

function listener(): void {
  const host = process as ProcessLike;
  if (host.listenerCount("SIGINT") > 1) return; // The program listens itself, since it began to run.
  const answers = Array.from(programs, (heard) => heard());
  if (answers.includes("handled")) {
    dieQuietly(host);
    return;
  }
  host.off("SIGINT", listener);
  host.kill(host.pid, "SIGINT");
}

let quiet = false;

/**
 * If nobody catches the KeyboardInterrupt, the process ends by the signal, as it would have without Turnwise: the shell
 * sees that Ctrl-C ended it, and no stack is printed.
 */
function dieQuietly(host: ProcessLike): void {
  if (quiet) return;
  quiet = true;
  host.on("uncaughtExceptionMonitor", (error: unknown) => {
    if (error instanceof KeyboardInterrupt && host.listenerCount("SIGINT") === 0) host.kill(host.pid, "SIGINT");
  });
}
