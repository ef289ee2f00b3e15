/** Ctrl-C: heard while a program runs on the loop, and what becomes of the process after it. */
import { KeyboardInterrupt } from "./exceptions.ts";
import { node, type ProcessLike } from "./process.ts";

/** Only used where there is one. */
const host = node as ProcessLike;

/** Answers the first Ctrl-C: it is dealt with, or the process may end. */
type Heard = () => "handled" | "end";

/** Who listens: each program that runs. */
const programs = new Set<Heard>();

/**
 * Calls `heard` at the first Ctrl-C, unless the program listens for it itself. If all who listen answer "end", and at
 * the second Ctrl-C, the process ends as if nobody had listened.
 * @returns a function that stops listening.
 */
export function onInterrupt(heard: Heard): () => void {
  if (node === undefined) return () => {};
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
  if (host.listenerCount("SIGINT") > 1) return; // The program listens itself, since it began to run.
  const answers = Array.from(programs, (heard) => heard());
  // The next one is not heard: it ends the process, even if the thread is blocked then.
  host.off("SIGINT", listener);
  if (answers.includes("handled")) dieQuietly();
  else host.kill(host.pid, "SIGINT");
}

let quiet = false;

/**
 * If nobody catches the KeyboardInterrupt, the process ends by the signal, as it would have without Turnwise: the shell
 * sees that Ctrl-C ended it, and no stack is printed.
 */
function dieQuietly(): void {
  if (quiet) return;
  quiet = true;
  host.on("uncaughtExceptionMonitor", (error: unknown) => {
    if (error instanceof KeyboardInterrupt && host.listenerCount("SIGINT") === 0) host.kill(host.pid, "SIGINT");
  });
}
