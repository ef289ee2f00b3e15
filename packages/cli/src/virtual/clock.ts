/** The one clock of a virtual run: it stands while the program runs, and jumps when the program waits. */
import { realNow } from "./real.ts";

/** A program that reads the clock so often while it stands is polling it. */
const POLLING = 1_000_000;

/** Milliseconds since the program began. */
export class VirtualClock {
  #now = 0;
  #reads = 0;
  /** The real time at which the clock began to run by itself; null while it stands. */
  #followsSince: number | null = null;

  /** The time as the program reads it. A busy loop that waits for the clock to move would never end if it stood. */
  read(): number {
    if (++this.#reads > POLLING) this.follow();
    return this.now;
  }

  /** The time. */
  get now(): number {
    return this.#followsSince === null ? this.#now : this.#now + realNow() - this.#followsSince;
  }

  /** Whether it runs like a real clock. */
  get follows(): boolean {
    return this.#followsSince !== null;
  }

  /** Runs like a real clock until the next jump. */
  follow(): void {
    this.#followsSince ??= realNow();
  }

  /** Time jumps to `to`, never back, and stands there. */
  jump(to: number): void {
    this.#now = Math.max(this.now, to);
    this.#followsSince = null;
    this.#reads = 0;
  }
}
