/** Timers on the virtual clock, with Node's interface and Node's order. */
import { AsyncResource } from "node:async_hooks";
import type { VirtualClock } from "./clock.ts";
import { setImmediate } from "./real.ts";

type Callback = (...args: never[]) => unknown;

/** Node's longest timer, in milliseconds; longer ones are set to 1. */
const LONGEST = 0x7fffffff;

/** What runs the `process.nextTick` queue and the microtasks: Node calls it between two timers. */
const runTicks = (process as { _tickCallback?: () => void })._tickCallback?.bind(process) ?? ((): void => {});

/** All timers that are set: Node's, and those of Turnwise's loops. */
export class VirtualTimers {
  /** Told when a timer was set. */
  onSet: () => void = () => {};
  /** How many of the timers keep the process alive. */
  refs = 0;
  readonly #clock: VirtualClock;
  /** A binary heap by time, then by the order in which they were set. */
  readonly #heap: Entry[] = [];
  /** Timers that were turned into a number. */
  readonly #byId = new Map<number, VirtualTimeout>();
  #count = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** How many are set. */
  get size(): number {
    return this.#heap.length;
  }

  /** The earliest time, in milliseconds; null if no timer is set. */
  next(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  /** Node's `setTimeout` and `setInterval`. */
  set(callback: Callback, delay: number, args: unknown[], repeats: boolean): VirtualTimeout {
    const timeout = new VirtualTimeout(this, callback, delay, args, repeats);
    timeout.refresh();
    return timeout;
  }

  /** Node's `clearTimeout`, for what it gave out itself. @returns whether `timer` is one of ours. */
  clear(timer: unknown): boolean {
    const timeout = timer instanceof VirtualTimeout ? timer : this.#byId.get(Number(timer));
    timeout?.close();
    return timeout !== undefined;
  }

  /** Calls `run` at a time, in milliseconds. */
  schedule(at: number, run: () => void): Entry {
    const entry: Entry = { at, order: this.#count++, run, place: -1, isRef: true };
    this.#place(entry, this.#heap.push(entry) - 1);
    this.#up(entry);
    this.refs++;
    this.onSet();
    return entry;
  }

  /** Calls `run` after a delay, in milliseconds. */
  scheduleIn(delay: number, run: () => void): Entry {
    return this.schedule(this.#clock.now + delay, run);
  }

  /** Forgets an entry. */
  cancel(entry: Entry): void {
    if (entry.place < 0) return;
    if (entry.isRef) this.refs--;
    const last = this.#heap.pop() as Entry;
    if (last !== entry) {
      this.#place(last, entry.place);
      this.#up(last);
      this.#down(last);
    }
    entry.place = -1;
  }

  /** Sets whether an entry keeps the process alive. */
  setRef(entry: Entry, isRef: boolean): void {
    if (entry.isRef !== isRef && entry.place >= 0) this.refs += isRef ? 1 : -1;
    entry.isRef = isRef;
  }

  /** Calls what is due, each with its own round of ticks and microtasks. */
  runDue(): void {
    try {
      for (let first = this.#firstDue(); first !== undefined; first = this.#firstDue()) {
        this.cancel(first);
        first.run();
        runTicks();
      }
    } finally {
      // An error goes its way; if the program survives it, the others have their turn.
      if (this.#firstDue() !== undefined) setImmediate(() => this.runDue());
    }
  }

  #firstDue(): Entry | undefined {
    const first = this.#heap[0];
    return first !== undefined && first.at <= this.#clock.now ? first : undefined;
  }

  /** @internal */
  _remember(id: number, timeout: VirtualTimeout): void {
    this.#byId.set(id, timeout);
  }

  /** @internal */
  _forget(id: number): void {
    this.#byId.delete(id);
  }

  #place(entry: Entry, place: number): void {
    this.#heap[place] = entry;
    entry.place = place;
  }

  #up(entry: Entry): void {
    while (entry.place > 0) {
      const parent = this.#heap[(entry.place - 1) >> 1] as Entry;
      if (!isBefore(entry, parent)) return;
      this.#swap(entry, parent);
    }
  }

  #down(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.place + 1];
      const right = this.#heap[2 * entry.place + 2];
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || !isBefore(child, entry)) return;
      this.#swap(child, entry);
    }
  }

  #swap(a: Entry, b: Entry): void {
    const place = a.place;
    this.#place(a, b.place);
    this.#place(b, place);
  }
}

/** A call at a time. */
export interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Where it is in the heap; negative once it left. */
  place: number;
  isRef: boolean;
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

let lastId = 0;

/** What `setTimeout` and `setInterval` return: Node's `Timeout`. */
export class VirtualTimeout {
  readonly #timers: VirtualTimers;
  readonly #callback: Callback;
  readonly #delay: number;
  readonly #args: unknown[];
  readonly #repeats: boolean;
  /** The callback runs in the async context in which the timer was set. */
  readonly #context = new AsyncResource("Timeout");
  #entry: Entry | null = null;
  #isRef = true;
  #isClosed = false;
  #id = 0;

  constructor(timers: VirtualTimers, callback: Callback, delay: number, args: unknown[], repeats: boolean) {
    this.#timers = timers;
    this.#callback = callback;
    this.#delay = delay >= 1 && delay <= LONGEST ? Math.trunc(delay) : 1;
    this.#args = args;
    this.#repeats = repeats;
  }

  /** Sets the timer anew, from now, even if it fired. */
  refresh(): this {
    if (this.#isClosed) return this;
    if (this.#entry !== null) this.#timers.cancel(this.#entry);
    this.#entry = this.#timers.scheduleIn(this.#delay, this.#fire);
    this.#timers.setRef(this.#entry, this.#isRef);
    return this;
  }

  /** Lets the process end without it. */
  unref(): this {
    return this.#setRef(false);
  }

  /** Keeps the process alive until it fires: the default. */
  ref(): this {
    return this.#setRef(true);
  }

  /** Whether it keeps the process alive. */
  hasRef(): boolean {
    return this.#isRef;
  }

  /** `clearTimeout`. */
  close(): this {
    this.#isClosed = true;
    if (this.#entry !== null) this.#timers.cancel(this.#entry);
    this.#entry = null;
    this.#timers._forget(this.#id);
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** A number that `clearTimeout` takes. */
  [Symbol.toPrimitive](): number {
    if (this.#id === 0) {
      this.#id = ++lastId;
      if (!this.#isClosed) this.#timers._remember(this.#id, this);
    }
    return this.#id;
  }

  #setRef(isRef: boolean): this {
    this.#isRef = isRef;
    if (this.#entry !== null) this.#timers.setRef(this.#entry, isRef);
    return this;
  }

  readonly #fire = (): void => {
    this.#entry = null;
    try {
      this.#context.runInAsyncScope(this.#callback as (...args: unknown[]) => unknown, this, ...this.#args);
    } finally {
      // An interval counts from the end of its callback, unless that refreshed it.
      if (this.#entry === null) {
        if (this.#repeats) this.refresh();
        else this.#timers._forget(this.#id);
      }
    }
  };
}
