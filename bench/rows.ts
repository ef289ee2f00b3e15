/** What is measured: the rows of the table, and the targets that Turnwise has in each. */

/** The libraries, in the order of the table's columns. */
export const LIBRARIES = ["turnwise", "native", "effect", "effection", "asyncio"] as const;
/** The name of a library, as in `--libraries`. */
export type LibraryName = (typeof LIBRARIES)[number];

/** The name of a row, as in `--rows`. */
export type RowName =
  | "spawn"
  | "spawn-return"
  | "sleep0"
  | "sleep0-pair"
  | "sleeps"
  | "heap-sleep"
  | "heap-future"
  | "ready-1k"
  | "ready-1m"
  | "lateness";

/** What Turnwise's figure is to be; every figure is the better the lower it is. */
export type Target =
  /** The library's figure is at least this many times Turnwise's. */
  | { readonly than: LibraryName; readonly atLeast: number }
  /** Turnwise's figure is at most this many times its own figure in another row. */
  | { readonly thanRow: RowName; readonly atMost: number }
  /** Turnwise's figure is at most this, in the row's unit. */
  | { readonly atMost: number };

/** A row of the table. */
export interface Row {
  readonly name: RowName;
  readonly title: string;
  readonly unit: "ns" | "bytes" | "ms";
  /** How the figure is taken: the time of a run, the heap's growth, or what the library's own code measured. */
  readonly kind: "time" | "heap" | "own";
  /** What one figure is per: so many tasks, sleeps or turns are in one run. */
  readonly operations: number;
  /**
   * Fewer, where a library is so slow that a round would take minutes. One costs it as much as with all 100k (tried
   * from 2k to 100k), so the figures compare.
   */
  readonly fewer?: Readonly<Partial<Record<LibraryName, number>>>;
  /** For rows of the kind "time": what a run must give back if it did all of its work. */
  readonly expected: (operations: number) => number;
  /** Who is measured, where it isn't everybody. */
  readonly only?: LibraryName;
  readonly targets: readonly Target[];
}

const FEWER = { effection: 2_000, asyncio: 20_000 } as const;
/** A collection of 100k of Effect's fibers takes most of a second. */
const FEWER_PARKED = { ...FEWER, effect: 20_000 } as const;
const sumOfNumbers = (n: number): number => (n * (n - 1)) / 2;
const allOfThem = (n: number): number => n;

const SPAWN_TARGETS: readonly Target[] = [
  { than: "native", atLeast: 0.5 },
  { than: "effect", atLeast: 4 },
  { than: "asyncio", atLeast: 8 },
];
const TURN_TARGETS: readonly Target[] = [
  { than: "native", atLeast: 10 },
  { than: "effect", atLeast: 8 },
  { than: "asyncio", atLeast: 15 },
];
const HEAP_TARGETS: readonly Target[] = [
  { than: "native", atLeast: 1 / 1.6 },
  { than: "effect", atLeast: 1 },
];

/** The rows, in the order of the table. */
export const ROWS: readonly Row[] = [
  {
    name: "spawn",
    title: "spawn and join, each awaits what is done already",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    fewer: FEWER,
    expected: sumOfNumbers,
    targets: SPAWN_TARGETS,
  },
  {
    name: "spawn-return",
    title: "spawn and join, each returns at once",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    fewer: FEWER,
    expected: sumOfNumbers,
    targets: SPAWN_TARGETS,
  },
  {
    name: "sleep0",
    title: "sleep(0) in one task",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: allOfThem,
    targets: TURN_TARGETS,
  },
  {
    name: "sleep0-pair",
    title: "sleep(0) in two tasks by turns",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: allOfThem,
    targets: TURN_TARGETS,
  },
  {
    name: "sleeps",
    title: "tasks that sleep 10 ms at the same time",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    fewer: FEWER,
    expected: sumOfNumbers,
    targets: [
      { than: "native", atLeast: 2 },
      { than: "effect", atLeast: 1 },
    ],
  },
  {
    name: "heap-sleep",
    title: "heap per task parked in a sleep",
    unit: "bytes",
    kind: "heap",
    operations: 100_000,
    fewer: FEWER_PARKED,
    expected: allOfThem,
    targets: HEAP_TARGETS,
  },
  {
    name: "heap-future",
    title: "heap per task parked on a future of its own",
    unit: "bytes",
    kind: "heap",
    operations: 100_000,
    fewer: FEWER_PARKED,
    expected: allOfThem,
    targets: HEAP_TARGETS,
  },
  {
    name: "ready-1k",
    title: "create and run, 1k tasks ready at once",
    unit: "ns",
    kind: "time",
    operations: 200_000,
    expected: allOfThem,
    only: "turnwise",
    targets: [],
  },
  {
    name: "ready-1m",
    title: "create and run, 1M tasks ready at once",
    unit: "ns",
    kind: "time",
    operations: 1_000_000,
    expected: allOfThem,
    only: "turnwise",
    targets: [{ thanRow: "ready-1k", atMost: 2 }],
  },
  {
    name: "lateness",
    title: "worst lateness of a host timer, loop busy 2 s",
    unit: "ms",
    kind: "own",
    operations: 1,
    expected: allOfThem,
    only: "turnwise",
    targets: [{ atMost: 30 }],
  },
];

/** How many operations a run of `library` has in `row`. */
export function operationsOf(row: Row, library: LibraryName): number {
  return row.fewer?.[library] ?? row.operations;
}
