/** What asyncio's locks and queues have in common: they belong to the loop in which they first wait. */
import type { EventLoop } from "./events.ts";
import { currentScope } from "#async-context";
import { RuntimeError } from "./exceptions.ts";
import type { Future } from "./futures.ts";
import { getRunningLoop } from "./running.ts";
import type { Task } from "./tasks.ts";
import { waiterFor } from "./waiter.ts";
import type { Watch } from "./watch.ts";

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
    return waiterFor(this, loop);
  }

  /** @internal The tasks that could let those go on who wait, where that is known: the holder of a lock. */
  _holders(): readonly Task<unknown>[] {
    return [];
  }
}

/** Who watches the loop of the code that runs; null nearly always. */
export function watcher(): Watch | null {
  return currentScope()?._loop?._watch ?? null;
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
