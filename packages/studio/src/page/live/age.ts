/** How long something has lasted, in words that don't flicker. */
import type { SnapshotTask } from "../../../../lens/src/live/snapshot.ts";

/** "0.3 s", "12 s", "5 min 12 s", "3 h 5 min". */
export function age(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3600)];
  if (minutes === 0) return `${whole} s`;
  return hours === 0 ? `${minutes} min ${whole % 60} s` : `${hours} h ${minutes % 60} min`;
}

/** Of several tasks the shortest and the longest. */
export function agesOf(tasks: readonly SnapshotTask[]): string {
  let [least, most] = [Infinity, 0];
  for (const { since } of tasks) [least, most] = [Math.min(least, since), Math.max(most, since)];
  const [from, to] = [age(least), age(most)];
  return from === to ? to : `${from} to ${to}`;
}
