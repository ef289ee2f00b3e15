/** How long the main thread had a processor, and how long it waited for one. */
import { readFileSync } from "node:fs";

/** Sums since the thread began, in seconds. */
export interface Reading {
  readonly time: number;
  /** On a processor. */
  readonly ran: number;
  /** It could have run, but the machine was busy with others. 0 where the system doesn't tell. */
  readonly delayed: number;
}

const { pid } = process;
/** Before Node 23.9, only the whole process's can be had. */
const cpuUsage = process.threadCpuUsage?.bind(process) ?? process.cpuUsage.bind(process);
const read = readFileSync;

/** The times of the main thread of this process, from any of its threads: Linux tells them; null elsewhere. */
export function readSchedstat(time: number): Reading | null {
  try {
    const [ran, delayed] = read(`/proc/self/task/${pid}/schedstat`, "latin1").split(" ", 2);
    return { time, ran: Number(ran) / 1e9, delayed: Number(delayed) / 1e9 };
  } catch {
    return null;
  }
}

/** The times of the calling thread. */
export function readOwn(time: number): Reading {
  const { user, system } = cpuUsage();
  return readSchedstat(time) ?? { time, ran: (user + system) / 1e6, delayed: 0 };
}

/** What passed between two moments, by readings in the order of time; null if there are too few. */
export function timesBetween(readings: readonly Reading[], begin: number, end: number): Omit<Reading, "time"> | null {
  if (readings.length < 2) return null;
  const from = at(readings, begin);
  const to = at(readings, end);
  const length = end - begin;
  const within = (seconds: number): number => Math.min(length, Math.max(0, seconds));
  return { ran: within(to.ran - from.ran), delayed: within(to.delayed - from.delayed) };
}

/** The sums at a moment: between two readings in proportion, beyond them as in the nearest stretch. */
function at(readings: readonly Reading[], time: number): Reading {
  const found = readings.findIndex((reading, i) => i > 0 && reading.time >= time);
  const after = found < 0 ? readings.length - 1 : found;
  const from = readings[after - 1]!;
  const to = readings[after]!;
  const part = to.time > from.time ? (time - from.time) / (to.time - from.time) : 0;
  return {
    time,
    ran: from.ran + (to.ran - from.ran) * part,
    delayed: from.delayed + (to.delayed - from.delayed) * part,
  };
}
