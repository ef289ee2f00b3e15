/** The platform's clock and timers, as they were before virtual time replaced them. */
export const { setTimeout, setInterval, clearTimeout, setImmediate } = globalThis;

/** Real milliseconds, from any start. */
export const realNow: () => number = performance.now.bind(performance);

/** Blocks the thread. */
export const realWait = Atomics.wait;

/** A promise of what another thread does; not in every engine. */
export const realWaitAsync = Atomics.waitAsync as WaitAsync | undefined;

type WaitAsync = (
  array: Int32Array | BigInt64Array,
  index: number,
  value: number | bigint,
  timeout?: number,
) => { async: false; value: "not-equal" | "timed-out" } | { async: true; value: Promise<"ok" | "timed-out"> };
