/** `Atomics.waitAsync` on the virtual clock: its timeout is a timer like the others. */
import { realWaitAsync } from "./real.ts";
import type { VirtualTimers } from "./timers.ts";

/** Replaces it. */
export function replaceAsyncWait(timers: VirtualTimers): void {
  if (realWaitAsync === undefined) return;
  const real = realWaitAsync;
  const waitAsync: typeof real = (array, index, value, timeout) => {
    const ms = timeout === undefined ? NaN : Number(timeout);
    if (!(ms > 0 && ms < Infinity)) return real(array, index, value, timeout);
    const result = real(array, index, value);
    if (!result.async) return result;
    const outcome = Promise.withResolvers<"ok" | "timed-out">();
    let isOver = false;
    const expire = (): void => {
      isOver = true;
      outcome.resolve("timed-out");
    };
    // It keeps no process alive, as the real one.
    const timer = timers.set(expire, ms, [], false).unref();
    void result.value.then((ok) => {
      timer.close();
      // The real wait can't be given up. What woke it is meant for the next.
      if (isOver) Atomics.notify(array as Int32Array, index, 1);
      else outcome.resolve(ok);
    });
    return { async: true, value: outcome.promise };
  };
  Atomics.waitAsync = waitAsync;
}
