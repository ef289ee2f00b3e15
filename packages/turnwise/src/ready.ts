/** The ready queue: what the loop has to run, first in, first out. */

/** Something that the loop can run: a callback, or a step of a task. */
export interface Runnable {
  /**
   * Runs it. If that resumes a task, the task is the loop's `_holder` when this returns, and its code runs when the
   * host's microtasks do.
   */
  _run(): void;
  /** Whether `_run` only resumes a task: nothing of the user's runs inside it. */
  readonly _resumes: boolean;
}

const INITIAL = 64;

/** A ring buffer whose capacity is a power of two. */
export class ReadyQueue {
  size = 0;
  #items: (Runnable | undefined)[] = new Array<Runnable | undefined>(INITIAL).fill(undefined);
  #head = 0;
  #mask = INITIAL - 1;

  push(item: Runnable): void {
    if (this.size > this.#mask) this.#grow();
    this.#items[(this.#head + this.size++) & this.#mask] = item;
  }

  /** The next to run, left in the queue. */
  peek(): Runnable | undefined {
    return this.#items[this.#head];
  }

  /** Takes the next to run. Call it only while `size` is above 0. */
  shift(): Runnable {
    const item = this.#items[this.#head] as Runnable;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.size--;
    return item;
  }

  /** Empties the queue, and gives back the memory that a burst took. */
  clear(): void {
    this.#items = new Array<Runnable | undefined>(INITIAL).fill(undefined);
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
    const items = new Array<Runnable | undefined>(capacity);
    for (let i = 0; i < capacity; i++) items[i] = i < this.size ? old[(this.#head + i) & this.#mask] : undefined;
    this.#items = items;
    this.#head = 0;
    this.#mask = capacity - 1;
  }
}
