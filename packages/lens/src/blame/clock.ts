/** The real clock: taken before a program can fake it, and shared by all threads of the process. */

const hrtime = process.hrtime.bigint.bind(process.hrtime);
const OFFSET = performance.now() / 1000 - Number(hrtime()) / 1e9;

/** Seconds of `performance.now() / 1000`. */
export function now(): number {
  return Number(hrtime()) / 1e9 + OFFSET;
}

/** Microseconds of the profiler's clock, which is `process.hrtime`'s, as seconds of `now()`. */
export function fromProfiler(microseconds: number): number {
  return microseconds / 1e6 + OFFSET;
}
