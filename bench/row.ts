/** What a row of the table says: who is measured in what, and what Turnwise's figure is to be. */

/** The libraries, in the order of the table's columns. */
export const LIBRARIES = ["turnwise", "native", "effect", "effection", "asyncio"] as const;
/** The name of a library, as in `--libraries`. */
export type LibraryName = (typeof LIBRARIES)[number];

/** The rows about servers: see `serving.ts`. */
export type ServerRowName =
  | "echo-1k"
  | "echo-1k-time"
  | "echo-1k-protocol"
  | "echo-10k"
  | "echo-10k-protocol"
  | "echo-100k"
  | "echo-100k-protocol"
  | "connections"
  | "connections-protocol"
  | "idle"
  | "idle-protocol";

/** The rows about threads: see `threads.ts`. */
export type ThreadRowName = "thread-call" | "thread-100";

/** The rows about clusters: see `cluster.ts`. */
export type ClusterRowName = "cluster-call" | "cluster-1" | "cluster-2" | "cluster-4";

/** The rows about Python programs: see `python.ts`. */
export type PythonRowName = "python-sleep0" | "python-sleep0-least" | "python-start" | "python-start-alone";

/** The name of a row, as in `--rows`. */
export type RowName =
  | ServerRowName
  | ThreadRowName
  | ClusterRowName
  | PythonRowName
  | "spawn"
  | "spawn-return"
  | "sleep0"
  | "sleep0-pair"
  | "sleeps"
  | "task-sleeps"
  | "gather"
  | "group-1"
  | "group-100"
  | "group-100k"
  | "cancel-group"
  | "timeout-ready"
  | "queue"
  | "queue-128"
  | "lock"
  | "heap-sleep"
  | "heap-future"
  | "ready-1k"
  | "ready-1m"
  | "lateness"
  | "clock"
  | "unwatched"
  | "watched"
  | "recorded"
  | "recorded-blamed";

/** What Turnwise's figure is to be; every figure is the better the lower it is. */
export type Target =
  /** The library's figure is at least this many times Turnwise's. */
  | { readonly than: LibraryName; readonly atLeast: number }
  /** Turnwise's figure is at most this many times its own figure in another row. */
  | { readonly thanRow: RowName; readonly atMost: number }
  /** Turnwise's figure is at most so much more than its own figure in another row, in the row's unit. */
  | { readonly overRow: RowName; readonly atMost: number }
  /** Turnwise's figure is at most this, in the row's unit. */
  | { readonly atMost: number };

/** A row of the table. */
export interface Row {
  readonly name: RowName;
  readonly title: string;
  readonly unit: "ns" | "bytes" | "ms";
  /**
   * How the figure is taken: the time of a run, the heap's growth, what the library's own code measured, or what
   * other processes took: a server, or Redis and its workers.
   */
  readonly kind: "time" | "heap" | "own" | "server" | "cluster";
  /** What one figure is per: so many tasks, items, turns or whatever the row is of are in one run. */
  readonly operations: number;
  /**
   * Fewer, where a library is so slow that a round would take minutes. One costs it as much as with all 100k (tried
   * from 2k to 100k), so the figures compare.
   */
  readonly fewer?: Readonly<Partial<Record<LibraryName, number>>>;
  /** For rows in which something is timed: what a run must give back if it did all of its work. */
  readonly expected: (operations: number) => number;
  /** Who is measured, where it isn't everybody. */
  readonly only?: readonly LibraryName[];
  readonly targets: readonly Target[];
}

/** Whether `library` has the row. */
export function isMeasured(row: Row, library: LibraryName): boolean {
  return row.only === undefined || row.only.includes(library);
}

/** How many operations a run of `library` has in `row`. */
export function operationsOf(row: Row, library: LibraryName): number {
  return row.fewer?.[library] ?? row.operations;
}
