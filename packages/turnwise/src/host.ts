/** `Host`: the small interface at which the loop meets the platform. */
import { systemTime } from "#clock";
import { keepAlive } from "#keep-alive";
import { promptly, quietCalls } from "#ticks";

/** Has something called back once. */
export type Call = (callback: () => void) => void;

/** What the loop needs of the platform: a clock, "call me soon", "call me at t". One host serves one loop. */
export interface Host {
  /** The time in seconds, from any start, never going back. */
  now(): number;
  /** The real time in seconds, by which the loop's time slices are measured; left out where `now` is real. */
  realNow?(): number;
  /**
   * Calls `callback` once, when the microtasks are done and the platform had a turn for I/O and its own timers.
   * The loop asks again only after the call.
   */
  soon(callback: () => void): void;
  /** Calls `callback` once, when the code that runs now is done. Left out where only {@link soon} can be had. */
  readonly promptly?: Call | undefined;
  /** Calls `callback` once, when the microtasks are done, and before the platform has its turn. As {@link promptly}. */
  readonly whenQuiet?: Call | undefined;
  /**
   * The loop has nothing to run. Calls `wake` at `state.deadline` (`null`: never), unless {@link disarm} comes first.
   * `soon` may be called meanwhile.
   */
  idle(state: IdleState, wake: () => void): void;
  /** Forgets what {@link idle} asked for. */
  disarm(): void;
  /** Keeps the process alive until the function that it returns is called. */
  keepAlive(): () => void;
}

/** What a loop with nothing to run waits for. */
export interface IdleState {
  /** The earliest timer's time; `null` if none is set. */
  readonly deadline: number | null;
  /** How many tasks wait for promises that are not ours. */
  readonly foreign: number;
}

/** The platform's functions, taken when the module is loaded: fake timers that a test installs don't stop the loop. */
interface Platform {
  readonly setTimeout: (callback: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly MessageChannel?: new () => { port1: Port; port2: Port };
}
interface Port {
  onmessage: ((event: unknown) => void) | null;
  postMessage(message: unknown): void;
}

const { setTimeout, clearTimeout, setImmediate, MessageChannel } = globalThis as unknown as Platform;

/** Timers of 2^31 ms and more fire at once: wait in parts. */
const LONGEST_TIMER = 0x7fffffff;

/** The host of Node, Deno, Bun and browsers. */
export class SystemHost implements Host {
  readonly promptly: Call | undefined = promptly;
  readonly whenQuiet: Call | undefined = quietCalls();
  #timer: unknown = null;
  #armedFor = Infinity;

  now(): number {
    return systemTime();
  }

  soon(callback: () => void): void {
    soon(callback);
  }

  idle({ deadline }: IdleState, wake: () => void): void {
    if (deadline === null) {
      this.disarm();
      return;
    }
    // A timer that is set for earlier will find nothing due, and the loop asks again.
    if (this.#timer !== null && this.#armedFor <= deadline) return;
    this.disarm();
    this.#setTimer(deadline, wake);
  }

  #setTimer(deadline: number, wake: () => void): void {
    this.#armedFor = deadline;
    const ms = Math.ceil((deadline - this.now()) * 1000);
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.#armedFor = Infinity;
        wake();
      },
      Math.min(Math.max(ms, 1), LONGEST_TIMER),
    );
  }

  disarm(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer as never);
    this.#timer = null;
    this.#armedFor = Infinity;
  }

  keepAlive(): () => void {
    return keepAlive();
  }
}

/** Calls back at the host's next turn. */
const soon: Call = setImmediate ?? messageSoon();

/** A browser has no `setImmediate`; a message to oneself comes as soon, and is not clamped to 4 ms as timers are. */
function messageSoon(): Call {
  if (MessageChannel === undefined) return (callback) => void setTimeout(callback, 0);
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (callback) => {
    waiting.push(callback);
    port2.postMessage(null);
  };
}
