/**
 * `Trace`: what a run did, as plain data. The recorder makes it; analysis, reports and exporters read it. It is also
 * the file format of `--json` and of saved traces, so a change that old readers would misread gets a new `version`.
 *
 * All times are seconds since the run began, on the loop's own clock (virtual time under `--virtual`).
 */

/** A recorded run. */
export interface Trace {
  readonly format: "turnwise-trace";
  readonly version: 1;
  readonly program: TraceProgram;
  /** How long was recorded. */
  readonly duration: number;
  /** Every task that is known, in the order in which they were made. */
  readonly tasks: readonly TraceTask[];
  /** What ran, in order. Steps of one loop never overlap. */
  readonly steps: readonly TraceStep[];
  /** Where tasks passed by what might have made them wait, and let others pass, in order. */
  readonly passages: readonly Passage[];
  /** Stretches in which the thread was blocked longer than the threshold, in order; they never overlap. */
  readonly blocked: readonly BlockedStretch[];
  /** Errors that nobody retrieved, and what else went to the loop's exception handler. */
  readonly errors: readonly TraceError[];
  /** The user's own files that frames name, as they were when the recording ended; empty if lines were not recorded. */
  readonly sources: readonly TraceSource[];
  /**
   * What the recorder had to give up: it keeps the newest records in a fixed amount of memory. Steps that began before
   * `completeFrom` may be missing; `tasks` is complete all the same. `passages` is 0 if only those of such steps are missing.
   */
  readonly dropped: {
    readonly steps: number;
    readonly tasks: number;
    readonly passages: number;
    readonly completeFrom: number;
  };
}

/** What was run, and on what. */
export interface TraceProgram {
  /** The program's file, as it was given on the command line; null where it is not known. */
  readonly file: string | null;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly pid: number;
  readonly node: string;
  readonly platform: string;
  /** How many threads can run at once: what "in a worker" may count on. */
  readonly cores: number;
  /** When the run began, which is the trace's 0: milliseconds since 1970. */
  readonly startedAt: number;
  /**
   * How long it took before that, in seconds, to load modules and whatever else: the run begins with the first loop, or
   * the first blocking call, if that is earlier.
   */
  readonly startup: number;
  /** Times are of a virtual clock. */
  readonly virtual: boolean;
  /** How the process ended: its exit code, or null while it runs or where it was killed. */
  readonly exitCode: number | null;
  /** A signal ended the run, and nothing besides its tasks was left that could have woken one. Missing where it is not so. */
  readonly nothingElse?: true;
  /** A step that takes longer than this, in seconds, counts as blocked. */
  readonly threshold: number;
}

/** A source file, as the user wrote it. */
export interface TraceSource {
  /** As in `Frame.file`. */
  readonly file: string;
  readonly text: string;
}

/** A task. */
export interface TraceTask {
  /** Unique in the trace; not an index. */
  readonly id: number;
  readonly name: string;
  /** The name of its function; empty if it has none. */
  readonly coro: string;
  /** The task whose code made it; null if none did. */
  readonly parent: number | null;
  readonly made: number;
  /** Where it was made, if that was recorded. */
  readonly madeAt: Frame | null;
  /** Null if it was pending when the recording ended. */
  readonly done: number | null;
  readonly outcome: "pending" | "result" | "error" | "cancelled";
  /** The error in words, where the outcome is "error". */
  readonly error: string | null;
  /**
   * What it waits for, in words, where the outcome is "pending"; or, if Ctrl-C ended the run, what it waited for then.
   * Null if it is not known, or it had not begun.
   */
  readonly waitsFor: string | null;
  /** The tasks that it waits for: directly, or as holders of a lock. Known where `waitsFor` is. */
  readonly waitsForTasks: readonly number[];
}

/** Why something became ready to run. */
export type StepCause =
  /** The task was made, or the callback left with the loop, by the step `by`. */
  | "made"
  /** It gave the others a turn (`sleep(0)`). */
  | "turn"
  /** The step `by` settled what it waited for, or cancelled it. */
  | "woken"
  /** A timer fired: set at `timerSet`, for `timerWhen`; `by` is the step that set it. */
  | "timer"
  /** Something outside the loop: I/O, a promise that is not Turnwise's, other code. */
  | "outside";

/** Why a step ended. */
export type StepEnd =
  /** The task waits for something of Turnwise's (`on`). */
  | "wait"
  /** The task gives the others a turn. */
  | "turn"
  /** The task waits for a promise that is not Turnwise's; or its code ran when the recording ended. */
  | "foreign"
  /** The task, or the callback, is done. */
  | "done";

/** One turn of a task or of a callback: from where it gets the thread to where it gives it back. */
export interface TraceStep {
  /** The task; null for a plain callback. */
  readonly task: number | null;
  /** A callback's name; empty for a task's step. */
  readonly callback: string;
  readonly begin: number;
  readonly end: number;
  /** When it became ready to run: from there to `begin` it waited for its turn. Never after `begin`. */
  readonly ready: number;
  readonly cause: StepCause;
  /** An index into `steps`; -1 if it is not known, was dropped, or was no step. */
  readonly by: number;
  /** For the cause "timer"; 0 otherwise. */
  readonly timerSet: number;
  readonly timerWhen: number;
  readonly then: StepEnd;
  /** What the task waits for after it, in words ("a sleep until 3 s", "<Lock locked waiters=2>"); else empty. */
  readonly on: string;
  /** The task that it waits for after it, if it waits for a task. */
  readonly onTask: number | null;
  /**
   * Where a task's code gave up the thread: the innermost line of the user's own. The task's next step goes on from there.
   * Null unless lines were recorded; and after the last step, in callbacks, and now and then where it waits for a promise
   * that is not Turnwise's: nothing is known of these.
   */
  readonly at: Frame | null;
}

/**
 * A moment in the midst of a step at which a task might have had to wait, had others run before: it awaited what was
 * done already, or took a lock that was free. Of a lock all moments are there, also those at which a task took it
 * after a wait, and at which it was let go.
 */
export interface Passage {
  /** The step: an index into `steps`. Never -1: what happened outside steps, or in dropped ones, is left out. */
  readonly step: number;
  readonly at: number;
  /**
   * "passed": something that came about at `byAt` in the step `by` (-1 if that is not known): a future was settled, an
   * event set. "acquired", "released": a lock, or a slot of a semaphore.
   */
  readonly kind: "passed" | "acquired" | "released";
  /** For "passed". */
  readonly by: number;
  readonly byAt: number;
  /** For "acquired" and "released": which lock or semaphore, from 0. Else -1. */
  readonly resource: number;
  /** For "acquired": whether the task had waited for it. Then `step` is the one that began when that wait was over. */
  readonly waited: boolean;
  /** For "acquired" and "released": how many slots are free after it. */
  readonly free: number;
}

/** A place in source code, as the user wrote it: source maps are applied. */
export interface Frame {
  /** As it is called in stack traces; empty for the top level and for functions without a name. */
  readonly function: string;
  /** An absolute path, or a URL where it is no file. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; 0 if it is not known. */
  readonly column: number;
}

/** The thread was blocked: by code that ran longer than the threshold without giving others a turn. */
export interface BlockedStretch {
  readonly begin: number;
  readonly end: number;
  /** Whether the thread computed, or only slept (in `Atomics.wait`, `execSync`, a slow file). */
  readonly kind: "cpu" | "waiting";
  /** The step in which it happened: an index into `steps`; null outside every step. */
  readonly step: number | null;
  /** The task whose code it was; null outside every task. */
  readonly task: number | null;
  /** The user's own line that is to blame; null if it could not be found out. */
  readonly blame: Frame | null;
  /** What that line called, if not only its own code ran: "execSync", "JSON.parse", "merge (lodash)". */
  readonly called: string | null;
  /** The whole stack, innermost first, Node's and libraries' frames included. */
  readonly stack: readonly Frame[];
  /** The source lines around the blamed one, if they could be read; `first` is the number of the first. */
  readonly source: { readonly first: number; readonly lines: readonly string[] } | null;
}

/** What the loop's exception handler was told. */
export interface TraceError {
  readonly at: number;
  readonly message: string;
  /** The error in words; null if there was none. */
  readonly error: string | null;
  readonly task: number | null;
}
