/** `atEnd`: does something when the process ends, however it ends: by itself, by `process.exit`, or by a signal. */

/** Signals that end a process that does not listen. */
const ENDING: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK", "SIGQUIT"];

/**
 * Calls `last` once, when the process is about to end, with its exit code, or null if a signal ends it; and before that
 * `interrupted` when Ctrl-C comes, which may be long before the end.
 *
 * To hear signals it has to listen; but it must not be seen to, since a program, and Turnwise itself, do other things
 * where nobody else listens. So its listeners are left out of what `process` says of its listeners.
 */
export function atEnd(last: (exitCode: number | null) => void, interrupted: () => void = () => {}): void {
  let done = false;
  const once = (exitCode: number | null): void => {
    if (done) return;
    done = true;
    last(exitCode);
  };
  process.once("exit", (code) => once(code));

  const hidden = new Set<unknown>();
  const listenerCount = process.listenerCount.bind(process);
  const listeners = process.listeners.bind(process);
  const kill = process.kill.bind(process);
  const others = (signal: string): unknown[] =>
    listeners(signal as "SIGINT").filter((listener) => !hidden.has(listener));
  for (const signal of ENDING) {
    const listener = (): void => {
      if (signal === "SIGINT") interrupted();
      if (others(signal).length > 0) return;
      once(null);
      process.off(signal, listener);
      kill(process.pid, signal);
    };
    hidden.add(listener);
    try {
      process.on(signal, listener);
    } catch {
      // Not every platform has every signal.
    }
  }
  process.listeners = ((event: string) => others(event)) as typeof process.listeners;
  process.listenerCount = ((event: string, ...rest: []) => {
    const count = listenerCount(event, ...rest);
    return ENDING.includes(event as NodeJS.Signals) && rest.length === 0 ? others(event).length : count;
  }) as typeof process.listenerCount;
  // Who sends a signal to itself to end by it: the listeners must be gone then.
  process.kill = ((pid: number, signal: NodeJS.Signals | number = "SIGTERM") => {
    if (pid === process.pid && ENDING.includes(signal as NodeJS.Signals) && others(String(signal)).length === 0) {
      once(null);
      for (const listener of hidden) process.off(signal as string, listener as () => void);
    }
    return kill(pid, signal);
  }) as typeof process.kill;
}
