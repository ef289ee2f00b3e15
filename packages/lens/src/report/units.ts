/** Lengths of time down to nanoseconds: a timeline shows steps that are too short for other messages' figures. */
import { inSeconds } from "../analysis/figures.ts";

/** "5.02 s", "12 ms", "34.6 µs", "140 ns". */
export function inUnits(seconds: number): string {
  if (seconds >= 0.0009995 || seconds <= 0) return inSeconds(seconds);
  const [value, unit] = seconds >= 0.9995e-6 ? [seconds * 1e6, "µs"] : [seconds * 1e9, "ns"];
  const digits = unit === "ns" || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${unit}`;
}
