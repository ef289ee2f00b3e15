/**
 * `ReportData`: what an HTML report carries, as JSON. Of a long run the steps are most of it, so they lie in columns of
 * whole numbers: times in nanoseconds, each as the distance to the one before; texts and places as indexes into tables.
 */
import type { BlockedLine, Hint, Prediction, Summary, Warning } from "../summary.ts";
import type { Frame, StepCause, StepEnd, TraceError, TraceProgram, TraceTask } from "../trace.ts";

export interface ReportData {
  /** The run in one sentence. */
  readonly sentence: string;
  readonly program: TraceProgram;
  readonly duration: number;
  readonly dropped: Summary["dropped"];
  readonly counts: Summary["counts"];
  readonly errors: readonly TraceError[];
  readonly warnings: readonly Warning[];
  readonly hints: readonly Hint[];
  readonly blockedLines: readonly BlockedLine[];
  readonly prediction: Omit<Prediction, "steps">;
  readonly criticalSeconds: number;
  /** What texts are indexes into; the first is empty. */
  readonly strings: readonly string[];
  /** What places are indexes into. */
  readonly frames: readonly Frame[];
  readonly tasks: TaskColumns;
  readonly steps: StepColumns;
  readonly blocked: BlockedColumns;
  readonly parts: PartColumns;
  readonly path: PathColumns;
}

type Column = readonly number[];

export interface TaskColumns {
  readonly id: Column;
  readonly name: Column;
  readonly coro: Column;
  /** An index into the tasks; -1 for none. */
  readonly parent: Column;
  readonly made: Column;
  /** -1 for none. */
  readonly madeAt: Column;
  /** -1 while it is pending. */
  readonly done: Column;
  readonly outcome: readonly TraceTask["outcome"][];
  readonly error: Column;
  readonly waitsFor: Column;
}

export interface StepColumns {
  /** An index into the tasks; -1 for a callback. */
  readonly task: Column;
  readonly callback: Column;
  /** From the end of the step before. */
  readonly gap: Column;
  readonly length: Column;
  /** From when it was ready to its beginning. */
  readonly queued: Column;
  /** An index into `CAUSES`. */
  readonly cause: Column;
  /** How many steps before; 0 for none. */
  readonly by: Column;
  /** For timers: from when it was due to when the step was ready; 0 for others. */
  readonly late: Column;
  /** For timers: from when it was set to when it was due; 0 for others. */
  readonly delay: Column;
  /** An index into `ENDS`. */
  readonly then: Column;
  readonly on: Column;
}

export interface BlockedColumns {
  readonly begin: Column;
  readonly length: Column;
  readonly kind: readonly ("cpu" | "waiting")[];
  /** -1 for none. */
  readonly step: Column;
  /** An index into the tasks; -1 for none. */
  readonly task: Column;
  /** -1 for unknown. */
  readonly blame: Column;
  readonly called: Column;
  readonly stack: readonly Column[];
}

/** The steps of the what-if, or parts of them. */
export interface PartColumns {
  /** The distance to the step of the part before. */
  readonly step: Column;
  /** From the beginning of the part before. */
  readonly gap: Column;
  readonly length: Column;
  /** 1: beside the loop's thread. */
  readonly away: Column;
}

export interface PathColumns {
  readonly kind: readonly ("run" | "blocked" | "wait" | "queued")[];
  readonly begin: Column;
  readonly length: Column;
  /** An index into the tasks; -1 for none. */
  readonly task: Column;
  readonly step: Column;
  readonly on: Column;
}

export const CAUSES: readonly StepCause[] = ["made", "turn", "woken", "timer", "outside"];
export const ENDS: readonly StepEnd[] = ["wait", "turn", "foreign", "done"];
