/** `Queue`, `LifoQueue`, `PriorityQueue`: work handed from task to task. */
import { QueueEmpty, QueueFull, QueueShutDown } from "./exceptions.ts";
import type { Future } from "./futures.ts";
import { Event } from "./locks.ts";
import { LoopBound, Waiters } from "./loop-bound.ts";
import { Ring } from "./ring.ts";

/** Where a queue keeps its items. */
interface Store<T> {
  readonly size: number;
  push(item: T): void;
  take(): T;
}

/**
 * A queue, first in, first out: `asyncio.Queue`. With a `maxsize` above 0, `put` waits while it is full.
 *
 * `for await (const item of queue)` takes items until the queue is shut down and empty.
 *
 * Items that are promises or tasks are awaited by whoever does `await queue.get()`, as everywhere in JavaScript: put
 * them in an object if you mean the task itself.
 */
export class Queue<T> extends LoopBound implements AsyncIterable<T> {
  /** How many items fit; 0 or less for any number. */
  readonly maxsize: number;
  readonly #store: Store<T>;
  readonly #getters = new Waiters();
  readonly #putters = new Waiters();
  readonly #finished = new Event();
  #unfinished = 0;
  #isShutdown = false;

  constructor(maxsize = 0) {
    super();
    if (typeof maxsize !== "number") throw new TypeError(`maxsize must be a number, got ${String(maxsize)}`);
    this.maxsize = maxsize;
    this.#store = this.makeStore();
    this.#finished.set();
  }

  /** Where the items are kept: a subclass decides their order. */
  protected makeStore(): Store<T> {
    const ring = new Ring<T>();
    return {
      get size() {
        return ring.size;
      },
      push: (item) => ring.push(item),
      take: () => ring.shift(),
    };
  }

  /** How many items are in it. */
  qsize(): number {
    return this.#store.size;
  }

  /** Whether it is empty. */
  empty(): boolean {
    return this.#store.size === 0;
  }

  /** Whether it is full. */
  full(): boolean {
    return this.maxsize > 0 && this.#store.size >= this.maxsize;
  }

  /**
   * Puts an item in; waits while the queue is full. Cancelled while it waits, the item is not put.
   * @throws QueueShutDown if the queue is or was shut down.
   */
  async put(item: T): Promise<void> {
    while (this.full()) {
      if (this.#isShutdown) throw new QueueShutDown();
      const putter = this.createWaiter();
      await waitInLine(this.#putters, putter, this, "full");
    }
    this.putNowait(item);
  }

  /** Puts an item in at once: asyncio's `put_nowait`. @throws QueueFull; QueueShutDown. */
  putNowait(item: T): void {
    if (this.#isShutdown) throw new QueueShutDown();
    if (this.full()) throw new QueueFull();
    this.#store.push(item);
    this.#unfinished++;
    this.#finished.clear();
    wakeOne(this.#getters);
  }

  /**
   * Takes an item; waits while the queue is empty. Cancelled while it waits, no item is lost.
   * @throws QueueShutDown if the queue was shut down, and is empty.
   */
  async get(): Promise<T> {
    while (this.empty()) {
      if (this.#isShutdown) throw new QueueShutDown();
      const getter = this.createWaiter();
      await waitInLine(this.#getters, getter, this, "empty");
    }
    return this.getNowait();
  }

  /** Takes an item at once: asyncio's `get_nowait`. @throws QueueEmpty; QueueShutDown. */
  getNowait(): T {
    if (this.empty()) throw this.#isShutdown ? new QueueShutDown() : new QueueEmpty();
    const item = this.#store.take();
    wakeOne(this.#putters);
    return item;
  }

  /** Says that an item which was taken is dealt with: asyncio's `task_done`. @throws RangeError if called too often. */
  taskDone(): void {
    if (this.#unfinished <= 0) throw new RangeError("task_done() called too many times");
    if (--this.#unfinished === 0) this.#finished.set();
  }

  /** Waits until every item that was put is dealt with: until {@link taskDone} was called for each. */
  async join(): Promise<void> {
    if (this.#unfinished > 0) await this.#finished.wait();
  }

  /**
   * Closes the queue: `put` throws QueueShutDown from now on, and `get` does once the queue is empty.
   * @param immediate - drop the items that are in it, and count them as dealt with.
   */
  shutdown(immediate = false): void {
    this.#isShutdown = true;
    if (immediate) {
      while (!this.empty()) {
        this.#store.take();
        if (this.#unfinished > 0) this.#unfinished--;
      }
      if (this.#unfinished === 0) this.#finished.set();
    }
    // All of them look again, and find it shut.
    while (this.#getters.size > 0) wakeOne(this.#getters);
    while (this.#putters.size > 0) wakeOne(this.#putters);
  }

  /** Takes items until the queue is shut down and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      let item: T;
      try {
        item = await this.get();
      } catch (thrown) {
        if (thrown instanceof QueueShutDown) return;
        throw thrown;
      }
      yield item;
    }
  }

  override toString(): string {
    const info = [`maxsize=${this.maxsize}`];
    if (this.qsize() > 0) info.push(`qsize=${this.qsize()}`);
    if (this.#getters.size > 0) info.push(`getters=${this.#getters.size}`);
    if (this.#putters.size > 0) info.push(`putters=${this.#putters.size}`);
    if (this.#unfinished > 0) info.push(`tasks=${this.#unfinished}`);
    if (this.#isShutdown) info.push("shutdown");
    return `<${this.constructor.name} ${info.join(" ")}>`;
  }
}

/** A {@link Queue} that gives the newest item first: `asyncio.LifoQueue`. */
export class LifoQueue<T> extends Queue<T> {
  protected override makeStore(): Store<T> {
    const items: T[] = [];
    return {
      get size() {
        return items.length;
      },
      push: (item) => void items.push(item),
      take: () => items.pop() as T,
    };
  }
}

/** Waits in line to be woken because the queue is not `state` any more. Who was woken and can't go on wakes the next. */
async function waitInLine<T>(
  line: Waiters,
  waiter: Future<void>,
  queue: Queue<T>,
  state: "full" | "empty",
): Promise<void> {
  line.add(waiter);
  try {
    await waiter;
  } catch (thrown) {
    waiter.cancel();
    line.delete(waiter);
    if (!queue[state]() && !waiter.cancelled()) wakeOne(line);
    throw thrown;
  }
}

/** Takes the first who sleeps out of the line, and wakes it. */
function wakeOne(line: Waiters): void {
  for (let waiter = line.first(); waiter !== undefined; waiter = line.first()) {
    line.delete(waiter);
    if (waiter.done()) continue;
    waiter.setResult();
    return;
  }
}
