/** Where a process can't be replaced: the program as a child that looks, from outside, like this process. */
import { spawn } from "node:child_process";
import type { Writable } from "node:stream";

/** What a terminal, a shell or a supervisor sends to a program. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGBREAK"] as const;

/** With `insist`: so long after a second Ctrl-C, in milliseconds, the child is killed. */
const GRACE = 500;

/**
 * Runs `node ...args` with this process's stdio. Signals go to the child; this process ends with the child's exit code,
 * or by the signal that ended it.
 *
 * @param options - `insist`: the child listens to Ctrl-C, and might not hear it while it blocks its thread. A second
 * one ends it all the same. `interruptsByPipe`: the child hears of Ctrl-C by a byte on its descriptor 3, which a thread
 * of its own reads. `ended` is called when it is gone.
 */
export function spawnAside(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  options: { readonly insist?: boolean; readonly interruptsByPipe?: boolean; readonly ended?: () => void } = {},
): void {
  const pipe = options.interruptsByPipe === true ? (["pipe"] as const) : [];
  const stdio = ["inherit", "inherit", "inherit", ...pipe] as const;
  const child = spawn(process.execPath, args, { stdio: [...stdio], env, argv0: process.argv0 });
  const interruptPipe = child.stdio[3] as Writable | undefined;
  interruptPipe?.on("error", () => {}); // The child has gone.
  let interrupts = 0;
  const forward = (signal: NodeJS.Signals): void => {
    if (signal === "SIGINT" && interruptPipe !== undefined) {
      interruptPipe.write("c");
      return;
    }
    if (signal === "SIGINT" && options.insist === true && ++interrupts > 1) {
      setTimeout(() => child.kill("SIGKILL"), GRACE).unref();
    }
    // Ctrl-C reaches the child by itself: it is in the terminal's process group too.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  const signals = FORWARDED.filter((signal) => canListen(signal, forward));
  child.on("error", (error) => {
    throw error;
  });
  child.on("exit", (code, signal) => {
    options.ended?.();
    for (const each of signals) process.off(each, forward);
    if (signal === null) process.exitCode = code ?? 1;
    else process.kill(process.pid, signal);
  });
}

/** Not every platform has every signal. */
function canListen(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): boolean {
  try {
    process.on(signal, listener);
    return true;
  } catch {
    return false;
  }
}
