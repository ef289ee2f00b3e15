/** Where a process can't be replaced: the program as a child that looks, from outside, like this process. */
import { spawn } from "node:child_process";

/** What a terminal, a shell or a supervisor sends to a program. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGBREAK"] as const;

/** With `insist`: so long after a second Ctrl-C, in milliseconds, the child is killed. */
const GRACE = 500;

/**
 * Runs `node ...args` with this process's stdio. Signals go to the child; this process ends with the child's exit code,
 * or by the signal that ended it.
 *
 * @param options - `insist`: the child listens to Ctrl-C, and might not hear it while it blocks its thread. A second
 * one ends it all the same. `ended` is called when it is gone.
 */
export function spawnAside(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  options: { readonly insist?: boolean; readonly ended?: () => void } = {},
): void {
  const child = spawn(process.execPath, args, { stdio: "inherit", env, argv0: process.argv0 });
  let interrupts = 0;
  const forward = (signal: NodeJS.Signals): void => {
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
