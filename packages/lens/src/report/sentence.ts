/** A run in one sentence, and times in words. */
import type { Summary } from "../summary.ts";

/** "5.02 s taken, blocked for 5.00 s; 3.01 s if it yielded". */
export function sentence({ duration, blocked, prediction }: Summary): string {
  if (blocked.stretches === 0) return `${inWords(duration)} taken, never blocked`;
  return `${inWords(duration)} taken, blocked for ${inWords(blocked.seconds)}; ${inWords(prediction.seconds)} if it yielded`;
}

/** How long something took: three digits that matter, in a unit that suits them. */
export function inWords(seconds: number): string {
  const length = Math.abs(seconds);
  // Each limit is where the unit below would round up to it.
  if (length >= 59.95) return minutes(seconds);
  if (length >= 0.9995) return `${seconds.toFixed(length < 9.995 ? 2 : 1)} s`;
  if (length >= 0.0009995) return `${threeDigits(seconds * 1e3)} ms`;
  if (length >= 0.9995e-6) return `${threeDigits(seconds * 1e6)} µs`;
  return `${Math.round(seconds * 1e9)} ns`;
}

function minutes(seconds: number): string {
  const tenths = Math.round(seconds * 10);
  if (tenths < 36_000) return `${Math.floor(tenths / 600)} min ${((tenths % 600) / 10).toFixed(1)} s`;
  const whole = Math.round(seconds / 60);
  return `${Math.floor(whole / 60)} h ${whole % 60} min`;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}
