/** `node:timers/promises` on the virtual clock. */
import type { VirtualTimeout, VirtualTimers } from "./timers.ts";

/** The options that Node's functions take. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly ref?: boolean | undefined;
}

/** The functions that wait for time. */
export interface TimerPromises {
  readonly setTimeout: <T>(delay?: number, value?: T, options?: WaitOptions) => Promise<T>;
  readonly setInterval: <T>(delay?: number, value?: T, options?: WaitOptions) => AsyncIterableIterator<T>;
  readonly wait: (delay?: number, options?: WaitOptions) => Promise<void>;
}

/** Makes them for a set of timers. */
export function timerPromises(timers: VirtualTimers): TimerPromises {
  const start = (callback: () => void, delay: number | undefined, ref: boolean, repeats: boolean): VirtualTimeout => {
    const timer = timers.set(callback, Number(delay), [], repeats);
    return ref ? timer : timer.unref();
  };

  const setTimeout = <T>(delay?: number, value?: T, { signal, ref = true }: WaitOptions = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError(signal));
        return;
      }
      const onAbort = (): void => {
        timer.close();
        reject(abortError(signal));
      };
      const onTime = (): void => {
        signal?.removeEventListener("abort", onAbort);
        resolve(value as T);
      };
      const timer = start(onTime, delay, ref, false);
      signal?.addEventListener("abort", onAbort, { once: true });
    });

  async function* setInterval<T>(delay?: number, value?: T, options: WaitOptions = {}): AsyncGenerator<T> {
    const { signal, ref = true } = options;
    if (signal?.aborted) throw abortError(signal);
    let due = 0;
    let wake: (() => void) | null = null;
    const notify = (): void => wake?.();
    const onTime = (): void => {
      due++;
      notify();
    };
    const timer = start(onTime, delay, ref, true);
    signal?.addEventListener("abort", notify, { once: true });
    try {
      for (;;) {
        if (due === 0 && !signal?.aborted) await new Promise<void>((resolve) => (wake = resolve));
        for (; due > 0; due--) yield value as T;
        if (signal?.aborted) throw abortError(signal);
      }
    } finally {
      timer.close();
      signal?.removeEventListener("abort", notify);
    }
  }

  return { setTimeout, setInterval, wait: (delay, options) => setTimeout(delay, undefined, options) };
}

/** The error that Node's functions reject with. */
function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error("The operation was aborted", { cause: signal?.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}
