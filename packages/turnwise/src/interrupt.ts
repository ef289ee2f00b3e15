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

/**
 * Calls `heard` at each Ctrl-C, unless the program listens for it itself. If it answers "end", the process ends as if
 * nobody had listened.
 * @returns a function that stops listening.
 */
export function onInterrupt(heard: () => "handled" | "end"): () => void {
  if (!hasSignals) return () => {};
  const host = process as ProcessLike;
  if (host.listenerCount("SIGINT") > 0) return () => {};
  const listener = (): void => {
    if (heard() === "handled") {
      dieQuietly(host);
      return;
    }
    host.off("SIGINT", listener);
    host.kill(host.pid, "SIGINT");
  };
  host.on("SIGINT", listener);
  return () => host.off("SIGINT", listener);
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
