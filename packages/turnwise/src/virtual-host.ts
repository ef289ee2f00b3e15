/** The virtual clock: time that jumps to the next deadline when nothing is ready. */
import { type Host, type IdleState, systemTime } from "./host.ts";
import type { Seconds } from "./scheduler.ts";

/** The platform's functions, taken when the module is loaded: a test may install fake timers. */
const { setTimeout, clearTimeout, setImmediate } = globalThis;
const soon: (callback: () => void) => void = setImmediate ?? ((callback) => void setTimeout(callback, 0));

/** Why a virtual run can't go on. */
export type Stuck = "deadlock" | "foreign";

/** The host of a loop under virtual time, which starts at 0. */
export class VirtualHost implements Host {
  /** Told when the run can't go on. */
  onStuck: (why: Stuck) => void = () => {};
  readonly #patience: Seconds;
  #now = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts the requests of `idle`: a jump that was asked for before the last `disarm` is void. */
  #request = 0;

  /** @param patience - how many real seconds to wait for a foreign promise. */
  constructor(patience: Seconds) {
    this.#patience = patience;
  }

  now(): Seconds {
    return this.#now;
  }

  realNow(): Seconds {
    return systemTime();
  }

  soon(callback: () => void): void {
    soon(callback);
  }

  idle({ deadline, foreign }: IdleState, wake: () => void): void {
    this.disarm();
    if (foreign > 0) {
      this.#timer = setTimeout(() => this.onStuck("foreign"), this.#patience * 1000);
      return;
    }
    if (deadline === null) {
      this.onStuck("deadlock");
      return;
    }
    const request = this.#request;
    soon(() => {
      if (request !== this.#request) return;
      this.#now = Math.max(this.#now, deadline);
      wake();
    });
  }

  disarm(): void {
    this.#request++;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  keepAlive(): () => void {
    return () => {};
  }
}
