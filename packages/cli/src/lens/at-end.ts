/** `atEnd`: does something when the process ends, however it ends: by itself, by `process.exit`, or by a signal. */

/** Signals that end a process that does not listen. */
const ENDING: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK", "SIGQUIT"];

/**
 * Calls `last` once, when the process is about to end and its own "exit" listeners have run, with its exit code, or null
 * if a signal ends it; and before that `interrupted` when Ctrl-C comes, which may be long before the end.
 *
 * To hear signals it has to listen; but it must not be seen to, since a program, and Turnwise itself, do other things
 * where nobody else listens. So its listeners are left out of what `process` says of its listeners.
 */
export function atEnd(last: (exitCode: number | null) => void, interrupted: () => void): void {
  let done = false;
  const once = (exitCode: number | null): void => {
    if (done) return;
    done = true;
    last(exitCode);
  };
  hearExit(once);

  const hidden = new Map<NodeJS.Signals, () => void>();
  const listenerCount = process.listenerCount.bind(process);
  const listeners = process.listeners.bind(process);
  const removeAllListeners = process.removeAllListeners.bind(process);
  const kill = process.kill.bind(process);
  const others = (event: string): unknown[] =>
    listeners(event as "SIGINT").filter((listener) => listener !== hidden.get(event as NodeJS.Signals));
  const listen = (signal: NodeJS.Signals): void => {
    const listener = (): void => {
      if (signal === "SIGINT") interrupted();
      if (others(signal).length > 0) return;
      once(null);
      process.off(signal, listener);
      kill(process.pid, signal);
    };
    hidden.set(signal, listener);
    try {
      process.on(signal, listener);
    } catch {
      // Not every platform has every signal.
    }
  };
  for (const signal of ENDING) listen(signal);

  process.listeners = ((event: string) => others(event)) as typeof process.listeners;
  process.listenerCount = ((event: string, ...rest: []) => {
    const count = listenerCount(event, ...rest);
    return ENDING.includes(event as NodeJS.Signals) && rest.length === 0 ? others(event).length : count;
  }) as typeof process.listenerCount;
  process.removeAllListeners = ((...event: [string]) => {
    removeAllListeners(...event);
    for (const signal of ENDING) if (!done && listenerCount(signal) === 0) listen(signal);
    return process;
  }) as typeof process.removeAllListeners;
  // Who sends a signal to itself to end by it: the listeners must be gone then.
  process.kill = ((pid: number, signal: NodeJS.Signals | number = "SIGTERM") => {
    const ends = signal === "SIGKILL" || ENDING.includes(signal as NodeJS.Signals);
    if (pid === process.pid && ends && others(String(signal)).length === 0) {
      once(null);
      for (const [each, listener] of hidden) if (each === signal) process.off(each, listener);
    }
    return kill(pid, signal);
  }) as typeof process.kill;
}

/** A listener would be called before those of the program; and a program that removes all would remove it. */
function hearExit(last: (exitCode: number) => void): void {
  const emit = process.emit.bind(process) as (event: string, ...rest: unknown[]) => boolean;
  process.emit = ((event: string, ...rest: unknown[]) => {
    try {
      return emit(event, ...rest);
    } finally {
      if (event === "exit") last(Number(process.exitCode ?? rest[0]));
    }
  }) as typeof process.emit;
  // An "exit" listener that calls `process.exit` does not come back.
  const node = process as unknown as { reallyExit(code: number): void };
  const reallyExit = node.reallyExit.bind(process);
  node.reallyExit = (code) => {
    last(code);
    reallyExit(code);
  };
}
