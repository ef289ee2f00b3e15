/** `Ring`: the queue behind the loop and behind `Queue`. */

const INITIAL = 8;

/** A queue, first in, first out: a ring buffer whose capacity is a power of two. */
export class Ring<T> {
  size = 0;
  #items: (T | undefined)[] = new Array<T | undefined>(INITIAL).fill(undefined);
  #head = 0;
  #mask = INITIAL - 1;

  push(item: T): void {
    if (this.size > this.#mask) this.#grow();
    this.#items[(this.#head + this.size++) & this.#mask] = item;
  }

  /** The first, left in the queue. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes the first. Call it only while `size` is above 0. */
  shift(): T {
    const item = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.size--;
    return item;
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    if (this.size > this.#mask) this.#grow();
    this.#head = (this.#head - 1) & this.#mask;
    this.#items[this.#head] = item;
    this.size++;
  }

  /** Takes the last. Call it only while `size` is above 0. */
  pop(): T {
    const at = (this.#head + --this.size) & this.#mask;
    const item = this.#items[at] as T;
    this.#items[at] = undefined;
    return item;
  }

  /** Empties the queue, and gives back the memory that a burst took. */
  clear(): void {
    this.#items = new Array<T | undefined>(INITIAL).fill(undefined);
    this.#mask = INITIAL - 1;
    this.#head = 0;
    this.size = 0;
  }

  /** Gives back the memory that a burst took, if the queue is empty. */
  trim(): void {
    if (this.size === 0 && this.#mask > 0xffff) this.clear();
  }

  #grow(): void {
    const old = this.#items;
    const capacity = old.length * 2;
    const items = new Array<T | undefined>(capacity);
    for (let i = 0; i < capacity; i++) items[i] = i < this.size ? old[(this.#head + i) & this.#mask] : undefined;
    this.#items = items;
    this.#head = 0;
    this.#mask = capacity - 1;
  }
}
