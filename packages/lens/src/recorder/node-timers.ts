/** `NodeTimers`: when tasks set timers of Node's own, and for when. */
import { createHook } from "node:async_hooks";
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

export class NodeTimers {
  readonly #timers: HostTimer[] = [];
  #count = 0;
  readonly #hook: ReturnType<typeof createHook> | null = null;

  /** @param whose - the task whose code runs. @param now - in seconds. */
  constructor(whose: () => number | null, now: () => number) {
    if (!isCheap) return;
    const init = (_id: number, type: string, _trigger: number, resource: { readonly _idleTimeout?: unknown }): void => {
      if (type !== "Timeout" || typeof resource._idleTimeout !== "number") return;
      const task = whose();
      if (task === null) return;
      const made = now();
      this.#timers[this.#count++ & (MOST - 1)] = { task, made, due: made + resource._idleTimeout / 1000 };
    };
    this.#hook = createHook({ init, trackPromises: false } as Parameters<typeof createHook>[0]).enable();
  }

  /** Ends it. @returns the timers, on the clock of the recording that began at `begin`. */
  stop(begin: number): HostTimer[] {
    this.#hook?.disable();
    return this.#timers.map(({ task, made, due }) => ({
      task,
      made: seconds(made - begin),
      due: seconds(due - begin),
    }));
  }
}
