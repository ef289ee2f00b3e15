/** `Atomics.wait` on the virtual clock: a blocking sleep takes no time, and moves the clock. */
import type { Activity } from "./activity.ts";
import type { VirtualClock } from "./clock.ts";
import { realNow, realWait } from "./real.ts";

/** Replaces it. */
export function replaceBlockingWait(clock: VirtualClock, activity: Activity): void {
  const wait = (array: Int32Array, index: number, value: number, timeout?: number): ReturnType<typeof realWait> => {
    const outcome = realWait(array, index, value, 0);
    const ms = timeout === undefined ? NaN : Number(timeout);
    if (outcome !== "timed-out" || ms <= 0) return outcome;
    if (activity.workers > 0 || Number.isNaN(ms) || ms === Infinity) {
      // Another thread may call `Atomics.notify`; how long that takes is real.
      const began = realNow();
      const awaited = realWait(array, index, value, timeout);
      clock.jump(clock.now + realNow() - began);
      return awaited;
    }
    clock.jump(clock.now + ms);
    return outcome;
  };
  Atomics.wait = wait as typeof Atomics.wait;
}
