/** `NodeTimers`: when tasks set timers of Node's own, and for when. */
import { createHook, executionAsyncResource } from "node:async_hooks";
import type { HostTimer } from "../analysis/host-timers.ts";
import { seconds } from "./step-ring.ts";

/** So many are kept, the newest ones: a power of two. */
const MOST = 2 ** 16;

/** Whether the platform tells of timers without telling of every promise. Node 22 does not. */
const isCheap = ((): boolean => {
  let toldOfPromise = false;
  const init = (_id: number, type: string): void => void (toldOfPromise ||= type === "PROMISE");
  const hook = createHook({ init, trackPromises: false } as Parameters<typeof createHook>[0]).enable();
  void Promise.resolve().then(() => {});
  hook.disable();
  return !toldOfPromise;
})();

interface TimerLike {
  readonly _idleTimeout?: unknown;
  readonly _repeat?: unknown;
}

export class NodeTimers {
  readonly #timers: HostTimer[] = [];
  #count = 0;
  readonly #now: () => number;
  readonly #hook: ReturnType<typeof createHook> | null = null;
  /** Who set each interval. Node tells of its first time only. */
  readonly #intervals = new WeakMap<object, number>();
  /** Tells when one is set anew. Not there before the first one: it hears of each callback of Node's. */
  #again: ReturnType<typeof createHook> | null = null;

  /** @param whose - the task whose code runs. @param now - in seconds. */
  constructor(whose: () => number | null, now: () => number) {
    this.#now = now;
    if (!isCheap) return;
    const init = (_id: number, type: string, _trigger: number, resource: TimerLike): void => {
      if (type !== "Timeout" || typeof resource._idleTimeout !== "number") return;
      const task = whose();
      if (task === null) return;
      this.#note(task, resource._idleTimeout);
      if (typeof resource._repeat === "number") this.#noteInterval(resource, task);
    };
    this.#hook = createHook({ init, trackPromises: false } as Parameters<typeof createHook>[0]).enable();
  }

  #note(task: number, milliseconds: number): void {
    const made = this.#now();
    this.#timers[this.#count++ & (MOST - 1)] = { task, made, due: made + milliseconds / 1000 };
  }

  /** An interval counts anew from right before each call of its function. */
  #noteInterval(interval: TimerLike, task: number): void {
    this.#intervals.set(interval, task);
    if (this.#again !== null) return;
    const before = (): void => {
      const resource: TimerLike = executionAsyncResource();
      const owner = this.#intervals.get(resource);
      if (owner !== undefined && typeof resource._repeat === "number") this.#note(owner, resource._repeat);
    };
    this.#again = createHook({ before, trackPromises: false } as Parameters<typeof createHook>[0]).enable();
  }

  /** Ends it. @returns the timers, on the clock of the recording that began at `begin`. */
  stop(begin: number): HostTimer[] {
    this.#hook?.disable();
    this.#again?.disable();
    return this.#timers.map(({ task, made, due }) => ({
      task,
      made: seconds(made - begin),
      due: seconds(due - begin),
    }));
  }
}
