/** What the runtime uses of Node's `process`. A browser has none, or one that can do less. */

type Listener = (...args: never[]) => void;

/** See {@link process}. */
export interface ProcessLike {
  /** Node's modules, without an import: a bundle for browsers works. */
  getBuiltinModule?(name: string): unknown;
  nextTick?(callback: () => void): void;
  readonly pid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
  listenerCount(event: string): number;
  kill(pid: number, signal: string): void;
}

/** The global one; reached so, and not by an import, so that a bundle for browsers works. */
export const process: ProcessLike | undefined = (globalThis as unknown as { process?: ProcessLike }).process;

/** The same, where it has events and signals. */
export const node: ProcessLike | undefined = typeof process?.kill === "function" ? process : undefined;
