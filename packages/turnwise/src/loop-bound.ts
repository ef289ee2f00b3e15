/** What asyncio's locks and queues have in common: they belong to the loop in which they first wait. */
import type { EventLoop } from "./events.ts";
import { RuntimeError } from "./exceptions.ts";
import { Future } from "./futures.ts";
import { getRunningLoop } from "./running.ts";
import { keepShape } from "./shapes.ts";

/** Binds itself to a loop when it first has to wait; until then it may be made anywhere. */
export abstract class LoopBound {
  #loop: EventLoop | null = null;

  /** What it is, for messages. */
  abstract toString(): string;

  /** A future to wait for. @throws RuntimeError in another loop than the first one. */
  protected createWaiter(): Future<void> {
    const loop = getRunningLoop();
    this.#loop ??= loop;
    if (this.#loop !== loop) throw new RuntimeError(`${String(this)} is bound to a different event loop`);
    if (!shapeIsKept) keepWaiterShape();
    return new Waiter(loop, this);
  }
}

let shapeIsKept = false;
function keepWaiterShape(): void {
  shapeIsKept = true;
  keepShape((loop) => new Waiter(loop, null));
}

/** A future that says what it is for. */
class Waiter extends Future<void> {
  readonly #owner: LoopBound | null;
  constructor(loop: EventLoop, owner: LoopBound | null) {
    super(loop);
    this.#owner = owner;
  }

  /** Only Turnwise's own code waits for it. */
  override _isAwait(): boolean {
    return true;
  }

  override _purpose(): string {
    return String(this.#owner);
  }
}

/** Those who wait, in order. Leaving from the middle costs no more than from the front. */
export class Waiters {
  readonly #set = new Set<Future<void>>();

  get size(): number {
    return this.#set.size;
  }

  add(waiter: Future<void>): void {
    this.#set.add(waiter);
  }

  delete(waiter: Future<void>): void {
    this.#set.delete(waiter);
  }

  /** The one that came first. */
  first(): Future<void> | undefined {
    return this.#set.values().next().value;
  }

  [Symbol.iterator](): Iterator<Future<void>> {
    return this.#set.values();
  }

  /** Whether somebody waits, or was woken and has not run yet: a newcomer must not overtake them. */
  hasLive(): boolean {
    for (const waiter of this.#set) if (!waiter.cancelled()) return true;
    return false;
  }

  /** Wakes the first who sleeps, if there is one. */
  wakeNext(): boolean {
    for (const waiter of this.#set) {
      if (waiter.done()) continue;
      waiter.setResult();
      return true;
    }
    return false;
  }

  /** Waits in line, and leaves it however the wait ends. */
  async wait(waiter: Future<void>): Promise<void> {
    this.#set.add(waiter);
    try {
      await waiter;
    } finally {
      this.#set.delete(waiter);
    }
  }
}
