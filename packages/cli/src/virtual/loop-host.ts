/** Turnwise's event loops on the virtual clock. */
import type { Host, IdleState } from "turnwise";
import type { VirtualClock } from "./clock.ts";
import { setImmediate } from "./real.ts";
import type { Entry, VirtualTimers } from "./timers.ts";

/** How many loops run. A loop that runs keeps the process alive, whatever it waits for. */
export interface RunningLoops {
  count: number;
  /** How many of their tasks wait for promises that are not Turnwise's. */
  foreign: number;
  /** How often one of them had nothing to run. */
  idles: number;
}

/** The host of one loop. */
export class LoopHost implements Host {
  readonly #clock: VirtualClock;
  readonly #timers: VirtualTimers;
  readonly #loops: RunningLoops;
  #entry: Entry | null = null;
  #foreign = 0;
  /** Milliseconds and back may lose the last digit, and the loop would find nothing due. */
  #reached = 0;

  constructor(clock: VirtualClock, timers: VirtualTimers, loops: RunningLoops) {
    this.#clock = clock;
    this.#timers = timers;
    this.#loops = loops;
  }

  now(): number {
    return Math.max(this.#clock.read() / 1000, this.#reached);
  }

  soon(callback: () => void): void {
    setImmediate(callback);
  }

  idle({ deadline, foreign }: IdleState, wake: () => void): void {
    this.disarm();
    this.#loops.idles++;
    this.#note(foreign);
    if (deadline === null) return;
    this.#entry = this.#timers.schedule(deadline * 1000, () => {
      this.#entry = null;
      this.#reached = deadline;
      wake();
    });
  }

  disarm(): void {
    if (this.#entry !== null) this.#timers.cancel(this.#entry);
    this.#entry = null;
  }

  keepAlive(): () => void {
    this.#loops.count++;
    return () => {
      this.#loops.count--;
      this.#note(0);
    };
  }

  #note(foreign: number): void {
    this.#loops.foreign += foreign - this.#foreign;
    this.#foreign = foreign;
  }
}
