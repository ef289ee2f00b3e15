/** `PriorityQueue`: the smallest item first. */
import { Queue } from "./queues.ts";

/** Says which of two items comes first: negative for `a`, positive for `b`, as in `Array.prototype.sort`. */
export type Compare<T> = (a: T, b: T) => number;

/**
 * A {@link Queue} that gives the smallest item first: `asyncio.PriorityQueue`.
 *
 * By default items are compared as Python compares them: numbers and strings by `<`, arrays element by element, so
 * that `[priority, item]` works. Pass `compare` for anything else. Equal items come in no certain order.
 */
export class PriorityQueue<T> extends Queue<T> {
  constructor(maxsize = 0, options: { readonly compare?: Compare<T> } = {}) {
    super(maxsize);
    if (options.compare !== undefined) this.#heap.compare = options.compare;
  }

  // Made by `makeStore`, which the base class calls before the fields of this one are there.
  declare readonly _heap: Heap<T>;
  get #heap(): Heap<T> {
    return this._heap;
  }

  protected override makeStore(): Heap<T> {
    const heap = new Heap<T>(defaultCompare);
    Object.defineProperty(this, "_heap", { value: heap });
    return heap;
  }
}

/** A binary heap that moves items as Python's `heapq` does, so that equal items come in the same order as there. */
class Heap<T> {
  compare: Compare<T>;
  readonly #items: T[] = [];

  constructor(compare: Compare<T>) {
    this.compare = compare;
  }

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#rise(0, this.#items.length - 1);
  }

  take(): T {
    const items = this.#items;
    const last = items.pop() as T;
    if (items.length === 0) return last;
    const top = items[0] as T;
    items[0] = last;
    this.#sink();
    return top;
  }

  /** Moves the item at `from` up, as far as `top`, past all that are larger. */
  #rise(top: number, from: number): void {
    const items = this.#items;
    const item = items[from] as T;
    let i = from;
    while (i > top) {
      const parent = (i - 1) >> 1;
      const above = items[parent] as T;
      if (this.compare(item, above) >= 0) break;
      items[i] = above;
      i = parent;
    }
    items[i] = item;
  }

  /** Moves the first item to the bottom along the smaller children, then up to its place. */
  #sink(): void {
    const items = this.#items;
    const item = items[0] as T;
    let i = 0;
    for (let child = 1; child < items.length; child = 2 * i + 1) {
      const right = child + 1;
      if (right < items.length && this.compare(items[child] as T, items[right] as T) >= 0) child = right;
      items[i] = items[child] as T;
      i = child;
    }
    items[i] = item;
    this.#rise(0, i);
  }
}

function defaultCompare(a: unknown, b: unknown): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.min(a.length, b.length);
    for (let i = 0; i < length; i++) {
      const order = a[i] === b[i] ? 0 : defaultCompare(a[i], b[i]);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if ((a as number) < (b as number)) return -1;
  return (b as number) < (a as number) ? 1 : 0;
}
