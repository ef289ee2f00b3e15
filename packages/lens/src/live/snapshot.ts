/**
 * `Snapshot`: the tasks of a process at one moment, as plain data. It is what `--json` prints, so a change that old
 * readers would misread gets a new `version`.
 */

/** What the loops of a process held when they were looked at. */
export interface Snapshot {
  readonly format: "turnwise-snapshot";
  readonly version: 1;
  readonly process: {
    /** Null where there is no process: in a browser. */
    readonly pid: number | null;
    readonly node: string | null;
    readonly argv: readonly string[];
    /** How long it has run, in seconds. */
    readonly uptime: number;
  };
  /** Whether a copy of Turnwise made itself known. Without one there are no loops. */
  readonly turnwise: boolean;
  /** The line of JavaScript that the thread was at, as `file:line`; null if it was idle. */
  readonly at: string | null;
  /** The function around it; empty if it has no name. */
  readonly atFunction: string;
  readonly loops: readonly SnapshotLoop[];
  /** In the order in which they were made, loop by loop. */
  readonly tasks: readonly SnapshotTask[];
  /** What was left out, to keep the answer small: so many tasks, the newest ones, and so many of `onTasks`. */
  readonly leftOut: { readonly tasks: number; readonly onTasks: number };
}

/** A loop that runs. */
export interface SnapshotLoop {
  /** How many tasks it has; `tasks` may have fewer of them. */
  readonly tasks: number;
  /** Of those in `tasks`, by state. */
  readonly states: Readonly<Record<TaskState, number>>;
  /** How long ago the loop last looked at the clock, in seconds: while it is idle, when its last turn began. */
  readonly lastLook: number;
  /** Whether it runs in debug mode: only then it is known where tasks were made, and where they wait. */
  readonly debug: boolean;
}

/** What a task does. */
export type TaskState =
  /** Its step is in progress. */
  | "running"
  /** What it waited for is there: it waits for its turn. */
  | "ready"
  /** It waits for something of Turnwise's. */
  | "waiting"
  /** It waits for a promise that is not Turnwise's. */
  | "foreign"
  /** It was made, and waits for its first turn. */
  | "not begun";

/** A task that is not done. */
export interface SnapshotTask {
  /** Unique in the process; below 0 if the task was given a name. */
  readonly id: number;
  /** An index into `loops`. */
  readonly loop: number;
  readonly name: string;
  /** The name of its function; empty if it has none. */
  readonly coro: string;
  readonly state: TaskState;
  /** What it waits for, in words; empty if it does not wait. */
  readonly on: string;
  /** The tasks that it waits for: directly, through a gather or a group, or as holders of a lock. */
  readonly onTasks: readonly number[];
  /**
   * What lets it go on: all of `onTasks`; any one of them; or, for "other", perhaps something besides. A task that
   * waits for no task has "other".
   */
  readonly needs: "all" | "any" | "other";
  /** The tasks whose `onTasks` name this one. */
  readonly awaitedBy: readonly number[];
  /**
   * For how long, in seconds. Running: how long its step has run, about. Not begun: since it was made. Else since it
   * began to wait.
   */
  readonly since: number;
  /** Where it was made, as `file:line`; null if that is not known. */
  readonly madeAt: string | null;
  /** Where it runs or waits, as `file:line`; null if that is not known. */
  readonly at: string | null;
  /** How often its cancellation was asked for. */
  readonly cancelling: number;
}
