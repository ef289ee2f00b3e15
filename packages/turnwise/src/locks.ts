/** `Lock`, `Event`, `Condition`: tasks that wait for each other. The semaphores are in `semaphores.ts`. */
import { CancelledError, RuntimeError } from "./exceptions.ts";
import { LoopBound, Waiters, watcher } from "./loop-bound.ts";
import { currentTask } from "./running.ts";
import type { Task } from "./tasks.ts";

/** Something that is acquired and released again; `with` does both around a body. */
export abstract class Acquirable extends LoopBound {
  /** Acquires; waits until that is possible. Cancelled while it waits, it is not acquired. */
  abstract acquire(): Promise<true>;
  /** Releases. */
  abstract release(): void;

  /** Calls `body` while this is acquired (Python's `async with`). */
  async with<T>(body: () => T | PromiseLike<T>): Promise<T> {
    await this.acquire();
    try {
      return await body();
    } finally {
      this.release();
    }
  }

  /** Acquires, for `using`: `using _ = await lock.hold()` releases at the end of the block. */
  async hold(): Promise<Disposable> {
    await this.acquire();
    return { [Symbol.dispose]: () => this.release() };
  }
}

/**
 * A lock that one task holds at a time: `asyncio.Lock`. Those who wait get it in the order in which they came; a
 * newcomer never overtakes them. Any task may release it.
 */
export class Lock extends Acquirable {
  #locked = false;
  /** The task that acquired it; null if a plain callback did. */
  #holder: Task<unknown> | null = null;
  readonly #waiters = new Waiters();

  /** Whether somebody holds it. */
  locked(): boolean {
    return this.#locked;
  }

  override async acquire(): Promise<true> {
    if (!this.#locked && !this.#waiters.hasLive()) return this.#take(false);
    const waiter = this.createWaiter();
    this.#waiters.add(waiter);
    try {
      await waiter;
    } catch (thrown) {
      this.#waiters.delete(waiter);
      // Who was woken and can't take it passes the turn on.
      if (thrown instanceof CancelledError && !this.#locked) this.#wakeFirst();
      throw thrown;
    }
    // To leave the line and to take the lock is one: in between somebody could overtake, from a foreign promise.
    this.#waiters.delete(waiter);
    return this.#take(true);
  }

  /** @throws RuntimeError if nobody holds it. */
  override release(): void {
    if (!this.#locked) throw new RuntimeError("Lock is not acquired.");
    const watch = this.#holder?._loop._watch ?? null;
    if (watch !== null) watch.to.released(this, 1, watch.now());
    this.#locked = false;
    this.#holder = null;
    this.#wakeFirst();
  }

  override toString(): string {
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : "";
    return `<Lock [${this.#locked ? "locked" : "unlocked"}${waiters}]>`;
  }

  /** @internal */
  override _holders(): readonly Task<unknown>[] {
    return this.#holder === null ? [] : [this.#holder];
  }

  #take(waited: boolean): true {
    this.#locked = true;
    this.#holder = currentTask();
    const watch = this.#holder?._loop._watch ?? null;
    if (watch !== null) watch.to.acquired(this, 0, waited, watch.now());
    return true;
  }

  #wakeFirst(): void {
    const first = this.#waiters.first();
    if (first !== undefined && !first.done()) first.setResult();
  }
}

/** A flag that tasks can wait for: `asyncio.Event`. (The name hides the DOM's `Event` only where it is imported.) */
export class Event extends LoopBound {
  #set = false;
  readonly #waiters = new Waiters();

  /** Whether it is set: asyncio's `is_set`. */
  isSet(): boolean {
    return this.#set;
  }

  /** Sets it: all who wait go on. */
  set(): void {
    if (this.#set) return;
    this.#set = true;
    const watch = watcher();
    if (watch !== null) watch.to.opened(this, watch.now());
    for (const waiter of this.#waiters) if (!waiter.done()) waiter.setResult();
  }

  /** Resets it: who waits from now on waits for the next `set`. */
  clear(): void {
    this.#set = false;
  }

  /** Waits until it is set; goes on even if it was reset meanwhile. */
  async wait(): Promise<true> {
    if (!this.#set) await this.#waiters.wait(this.createWaiter());
    else watcher()?.passed(this);
    return true;
  }

  override toString(): string {
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : "";
    return `<Event [${this.#set ? "set" : "unset"}${waiters}]>`;
  }
}

/** A lock, and a way to wait for news about what it guards: `asyncio.Condition`. */
export class Condition extends Acquirable {
  readonly #lock: Lock;
  readonly #waiters = new Waiters();

  /** @param lock - the lock to use; by default one of its own. */
  constructor(lock: Lock = new Lock()) {
    super();
    this.#lock = lock;
  }

  /** Whether somebody holds the lock. */
  locked(): boolean {
    return this.#lock.locked();
  }

  override acquire(): Promise<true> {
    return this.#lock.acquire();
  }

  override release(): void {
    this.#lock.release();
  }

  /**
   * Releases the lock, waits to be notified, and acquires the lock again; also if it is cancelled. It may wake up
   * without a reason: check what you wait for, or use {@link waitFor}.
   * @throws RuntimeError if the lock is not held.
   */
  async wait(): Promise<true> {
    if (!this.locked()) throw new RuntimeError("cannot wait on un-acquired lock");
    const waiter = this.createWaiter();
    this.release();
    try {
      try {
        await this.#waiters.wait(waiter);
        return true;
      } finally {
        await this.#acquireAgain();
      }
    } catch (thrown) {
      // It may have been notified and cancelled at once: the news must not be lost.
      this.#notify(1);
      throw thrown;
    }
  }

  /** Waits until `predicate()` is truthy, and returns what it gave. @throws RuntimeError if the lock is not held. */
  async waitFor<T>(predicate: () => T): Promise<T> {
    let result = predicate();
    while (!result) {
      await this.wait();
      result = predicate();
    }
    return result;
  }

  /** Wakes `n` of those who wait. @throws RuntimeError if the lock is not held. */
  notify(n = 1): void {
    if (!this.locked()) throw new RuntimeError("cannot notify on un-acquired lock");
    this.#notify(n);
  }

  /** Wakes all who wait: asyncio's `notify_all`. @throws RuntimeError if the lock is not held. */
  notifyAll(): void {
    this.notify(this.#waiters.size);
  }

  override toString(): string {
    const waiters = this.#waiters.size > 0 ? `, waiters:${this.#waiters.size}` : "";
    return `<Condition [${this.locked() ? "locked" : "unlocked"}${waiters}]>`;
  }

  #notify(n: number): void {
    let left = n;
    for (const waiter of this.#waiters) {
      if (left <= 0) return;
      if (waiter.done()) continue;
      left--;
      waiter.setResult();
    }
  }

  /** However often it is cancelled meanwhile; the last cancellation is thrown once the lock is held. */
  async #acquireAgain(): Promise<void> {
    let cancellation: CancelledError | null = null;
    for (;;) {
      try {
        await this.acquire();
        break;
      } catch (thrown) {
        if (!(thrown instanceof CancelledError)) throw thrown;
        cancellation = thrown;
      }
    }
    if (cancellation !== null) throw cancellation;
  }
}
