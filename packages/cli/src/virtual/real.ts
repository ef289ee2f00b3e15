/** The platform's clock and timers, as they were before virtual time replaced them. */
export const { setTimeout, setInterval, clearTimeout, setImmediate } = globalThis;

/** Real milliseconds, from any start. */
export const realNow: () => number = performance.now.bind(performance);

/** Blocks the thread. */
export const realWait = Atomics.wait;
