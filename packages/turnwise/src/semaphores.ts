/** `Semaphore` and `BoundedSemaphore`: no more than so many at a time. */
import { CancelledError } from "./exceptions.ts";
import { Acquirable } from "./locks.ts";
import { Waiters, watcher } from "./loop-bound.ts";

/** So many slots, in the order in which tasks asked for them: `asyncio.Semaphore`. */
export class Semaphore extends Acquirable {
  #value: number;
  readonly #waiters = new Waiters();

  /** @throws RangeError if `value` is negative. */
  constructor(value = 1) {
    super();
    if (!(value >= 0)) throw new RangeError("Semaphore initial value must be >= 0");
    this.#value = value;
  }

  /** Whether a newcomer would have to wait: there is no slot, or others are before it. */
  locked(): boolean {
    return this.#value === 0 || this.#waiters.hasLive();
  }

  override async acquire(): Promise<true> {
    if (!this.locked()) {
      this.#value--;
      this.#tellAcquired(false);
      return true;
    }
    const waiter = this.createWaiter();
    try {
      await this.#waiters.wait(waiter);
    } catch (thrown) {
      // The slot was handed over, but this one can't take it.
      if (thrown instanceof CancelledError && waiter.done() && !waiter.cancelled()) this.#value++;
      throw thrown;
    } finally {
      while (this.#value > 0 && this.#wakeNext());
    }
    this.#tellAcquired(true);
    return true;
  }

  override release(): void {
    this.#value++;
    const watch = watcher();
    if (watch !== null) watch.to.released(this, this.#value, watch.now());
    this.#wakeNext();
  }

  override toString(): string {
    const state = this.locked() ? "locked" : `unlocked, value:${this.#value}`;
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : "";
    return `<${this.constructor.name} [${state}${waiters}]>`;
  }

  /** How many slots are free. */
  protected get value(): number {
    return this.#value;
  }

  #tellAcquired(waited: boolean): void {
    const watch = watcher();
    if (watch !== null) watch.to.acquired(this, this.#value, waited, watch.now());
  }

  /** Hands a slot to the first who waits. */
  #wakeNext(): boolean {
    const woken = this.#waiters.wakeNext();
    if (woken) this.#value--;
    return woken;
  }
}

/** A {@link Semaphore} that says so if it is released more often than acquired: `asyncio.BoundedSemaphore`. */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number;

  constructor(value = 1) {
    super(value);
    this.#bound = value;
  }

  /** @throws RangeError if every slot is free already. */
  override release(): void {
    if (this.value >= this.#bound) throw new RangeError("BoundedSemaphore released too many times");
    super.release();
  }
}
