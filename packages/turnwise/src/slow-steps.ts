/** Slow steps, which debug mode reports. */
import { systemTime } from "./host.ts";
import type { Runnable } from "./ready.ts";
import type { Scheduler } from "./scheduler.ts";

/** Times each handle and each step: from where it begins to where the baton is given back. */
export class SlowStepWatch {
  readonly #loop: Scheduler;
  #item: Runnable | null = null;
  #since = 0;

  constructor(loop: Scheduler) {
    this.#loop = loop;
  }

  run(item: Runnable): void {
    this.#item = item;
    this.#since = systemTime();
    item._run();
    if (this.#loop._holder === null) this.end();
  }

  /** What ran has given the baton back. */
  end(): void {
    const item = this.#item;
    this.#item = null;
    if (item === null) return;
    const took = systemTime() - this.#since;
    if (took >= this.#loop.slowCallbackDuration) {
      console.warn(`Executing ${String(item)} took ${took.toFixed(3)} seconds`);
    }
  }
}
