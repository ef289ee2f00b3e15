/**
 * `Summary`: what a trace comes to. `turnwise run --json` prints it as one line; the summary on stderr, the report and
 * `turnwise compare` show it. Like a trace it is plain data with a `version`. Times are in seconds.
 */
import type { Frame, TraceProgram } from "./trace.ts";

/** What a run came to. */
export interface Summary {
  readonly format: "turnwise-summary";
  readonly version: 1;
  readonly program: TraceProgram;
  /** How long it took. */
  readonly duration: number;
  readonly blocked: {
    /** In all. */
    readonly seconds: number;
    readonly stretches: number;
    /** By the line that is to blame, the worst first. */
    readonly lines: readonly BlockedLine[];
  };
  readonly prediction: Prediction;
  readonly criticalPath: CriticalPath;
  readonly counts: {
    readonly tasks: number;
    readonly steps: number;
    readonly callbacks: number;
    /** The most steps that were ready at once and waited for their turn. */
    readonly peakReady: number;
  };
  /** The most serious first. */
  readonly warnings: readonly Warning[];
  /** What may be worth a look: in conditional words, never a warning. */
  readonly hints: readonly Hint[];
  /** As in the trace: what the recorder had to give up. */
  readonly dropped: {
    readonly steps: number;
    readonly tasks: number;
    readonly passages: number;
    readonly completeFrom: number;
  };
}

/** All that was blocked by one line. */
export interface BlockedLine {
  /** Null: it is not known where. */
  readonly blame: Frame | null;
  readonly called: string | null;
  readonly kind: "cpu" | "waiting";
  readonly seconds: number;
  readonly times: number;
  /** The longest single stretch. */
  readonly longest: number;
  /** The names of the tasks whose code it was; empty outside tasks. */
  readonly tasks: readonly string[];
  /** How many steps were ready meanwhile, at most, and how long they waited because of it, in all. */
  readonly ready: { readonly most: number; readonly seconds: number };
  readonly source: { readonly first: number; readonly lines: readonly string[] } | null;
}

/** What the run would have taken had each blocking call let others run. */
export interface Prediction {
  /** The predicted duration; equal to the run's where nothing was blocked. */
  readonly seconds: number;
  /** Blocked time that becomes a wait of the task alone: the thread only slept in it. */
  readonly yielded: number;
  /** Blocked time that needs a CPU, and moves to a worker. */
  readonly inWorker: number;
  /** The run, replayed: what the second timeline of a report shows. */
  readonly steps: readonly PredictedStep[];
  /** What the model leaves out in this run, in words; empty where there is nothing to say. */
  readonly notes: readonly string[];
}

/** A part of a step of the trace, where it would have run. Parts of one loop never overlap, but for "away". */
export interface PredictedStep {
  /** An index into the trace's steps. */
  readonly step: number;
  readonly begin: number;
  readonly end: number;
  /** "run": on the loop's thread; "away": what was blocked, now beside it. */
  readonly where: "run" | "away";
}

/** The chain of steps and waits that the run can't be shorter than, first to last. */
export interface CriticalPath {
  /** The sum of the segments without the time in which a step was ready and waited for its turn. */
  readonly seconds: number;
  readonly segments: readonly PathSegment[];
}

/** A part of the critical path. The parts follow each other without gaps. */
export interface PathSegment {
  readonly kind: "run" | "blocked" | "wait" | "queued";
  readonly begin: number;
  readonly end: number;
  readonly task: number | null;
  /** The task's name; empty outside of tasks. */
  readonly name: string;
  /** An index into the trace's steps, where it is (part of) one. */
  readonly step: number | null;
  /** What was waited for, in words; empty if nothing. */
  readonly on: string;
}

/** Something that is wrong, in words. */
export interface Warning {
  /** Stable: "TW001" and so on; `docs/warnings.md` has a section for each. */
  readonly code: string;
  /** What is wrong, in a few words: "the loop was blocked". */
  readonly title: string;
  /** One sentence with the figures, the tasks and the line. */
  readonly message: string;
  /** What to do. */
  readonly remedy: string;
  /** The line that it is about, if there is one. */
  readonly at: Frame | null;
  /** The tasks that it is about. */
  readonly tasks: readonly number[];
}

/** Something that may be worth a look. */
export interface Hint {
  readonly code: string;
  /** In conditional words: "if they are independent, ... would have taken 2.0 s less". */
  readonly message: string;
  /** How much less it might have taken. */
  readonly seconds: number;
  readonly tasks: readonly number[];
}

/** A summary without what is as long as the run: the replayed steps, and the parts of the critical path. */
export type BriefSummary = Omit<Summary, "prediction" | "criticalPath"> & {
  readonly prediction: Omit<Prediction, "steps">;
  readonly criticalPath: Omit<CriticalPath, "segments">;
};

/** What is printed as one line. */
export function brief(summary: Summary): BriefSummary {
  const { steps: _steps, ...prediction } = summary.prediction;
  const { segments: _segments, ...criticalPath } = summary.criticalPath;
  return { ...summary, prediction, criticalPath };
}
