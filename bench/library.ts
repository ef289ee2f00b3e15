/** What a library's file in `libraries/` gives: the same work for each row, in the library's own terms. */
import type { ClusterRowName, RowName, ServerRowName, ThreadRowName } from "./row.ts";

/**
 * Does so many operations; gives what the row expects of a run that did all of its work. Its time is taken from its
 * call, or from where it calls `begin`: what comes before that is not measured.
 */
export type Timed = (operations: number, begin: () => void) => Promise<number>;

/**
 * Calls `look` with nothing parked, starts so many tasks, and calls `look` again once every one of them is parked.
 * What the caller would keep (tasks to join, resolvers to call) is kept, in arrays that are there at the first look.
 */
export type Parked = (tasks: number, look: () => void) => Promise<void>;

type TimedRow = Exclude<
  RowName,
  ServerRowName | ThreadRowName | ClusterRowName | "heap-sleep" | "heap-future" | "lateness"
>;

/** The rows that a library can do. */
export interface Library extends Readonly<Partial<Record<TimedRow, Timed>>> {
  readonly "heap-sleep"?: Parked;
  readonly "heap-future"?: Parked;
  /** Measures by itself. */
  readonly lateness?: () => Promise<number>;
}

/** How long a parked task sleeps: longer than any measurement. */
export const HOUR_MS = 3_600_000;

/** Throws unless all tasks began: a figure of tasks that don't exist would look good. */
export function checkStarted(started: number, tasks: number): void {
  if (started !== tasks) throw new Error(`${started} of ${tasks} tasks are parked`);
}
