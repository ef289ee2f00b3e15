/** `Barrier`: tasks that wait until so many have come. */
import { BrokenBarrierError } from "./exceptions.ts";
import { Condition } from "./locks.ts";

type State = "filling" | "draining" | "resetting" | "broken";

/**
 * Lets tasks through when `parties` of them have come, again and again: `asyncio.Barrier`. A task that is cancelled
 * while it waits just leaves.
 */
export class Barrier {
  /** How many must come. */
  readonly parties: number;
  readonly #changed = new Condition();
  #state: State = "filling";
  #count = 0;

  /** @throws RangeError if `parties` is below 1. */
  constructor(parties: number) {
    if (!(parties >= 1)) throw new RangeError("parties must be >= 1");
    this.parties = parties;
  }

  /** How many wait: asyncio's `n_waiting`. */
  get nWaiting(): number {
    return this.#state === "filling" ? this.#count : 0;
  }

  /** Whether it was aborted. */
  get broken(): boolean {
    return this.#state === "broken";
  }

  /**
   * Waits until all have come.
   * @returns a number from 0 to `parties - 1`, another for each.
   * @throws BrokenBarrierError if it is aborted, or reset while this waits.
   */
  async wait(): Promise<number> {
    return await this.#changed.with(async () => {
      await this.#mayEnter();
      try {
        const index = this.#count++;
        if (index + 1 === this.parties) {
          this.#state = "draining";
          this.#changed.notifyAll();
        } else await this.#filled();
        return index;
      } finally {
        this.#count--;
        this.#leave();
      }
    });
  }

  /** Waits, then calls `body` with the number that {@link wait} gives (Python's `async with`). */
  async with<T>(body: (index: number) => T | PromiseLike<T>): Promise<T> {
    return await body(await this.wait());
  }

  /** Makes it empty again; who waits gets a BrokenBarrierError. */
  async reset(): Promise<void> {
    await this.#changed.with(() => {
      this.#state = this.#count > 0 ? "resetting" : "filling";
      this.#changed.notifyAll();
    });
  }

  /** Breaks it: who waits, or comes later, gets a BrokenBarrierError. Only {@link reset} mends it. */
  async abort(): Promise<void> {
    await this.#changed.with(() => {
      this.#state = "broken";
      this.#changed.notifyAll();
    });
  }

  toString(): string {
    const waiters = this.broken ? "" : `, waiters:${this.nWaiting}/${this.parties}`;
    return `<Barrier [${this.#state}${waiters}]>`;
  }

  /** While the last round drains, or a reset is under way, newcomers wait outside. */
  async #mayEnter(): Promise<void> {
    await this.#changed.waitFor(() => this.#state !== "draining" && this.#state !== "resetting");
    if (this.#state === "broken") throw new BrokenBarrierError("Barrier aborted");
  }

  async #filled(): Promise<void> {
    await this.#changed.waitFor(() => this.#state !== "filling");
    if (this.broken || this.#state === "resetting") throw new BrokenBarrierError("Abort or reset of barrier");
  }

  #leave(): void {
    if (this.#count > 0) return;
    if (this.#state === "resetting" || this.#state === "draining") this.#state = "filling";
    this.#changed.notifyAll();
  }
}
