/** What is measured: the rows of the table, and the targets that Turnwise has in each. */
import type { LibraryName, PythonRowName, Row, RowName, ServerRowName, Target } from "./row.ts";

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

const QUEUE_TARGETS: readonly Target[] = [
  { than: "native", atLeast: 0.5 },
  { than: "effect", atLeast: 1 },
];

/** Effection has no lock and no bounded queue; of its price per task the rows above say enough. */
const NOT_EFFECTION: readonly LibraryName[] = ["turnwise", "native", "effect", "asyncio"];

/**
 * Groups of one size, again until there were as many children as in the other sizes. Never fewer: with 100k at once a
 * child costs asyncio a third more than with 20k.
 */
function group(name: RowName, title: string, targets: readonly Target[]): Row {
  return {
    name,
    title,
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: allOfThem,
    only: NOT_EFFECTION,
    targets,
  };
}

/** What it costs to be watched: steps of two tasks that take turns by `sleep(0)`. */
function watch(name: RowName, title: string, targets: readonly Target[]): Row {
  return {
    name,
    title,
    unit: "ns",
    kind: "time",
    operations: 500_000,
    expected: allOfThem,
    only: ["turnwise"],
    targets,
  };
}

const SERVED_BY_ALL: readonly LibraryName[] = ["turnwise", "native", "asyncio"];
const SERVED_BY_NODE: readonly LibraryName[] = ["turnwise", "native"];

/** Servers: see `serving.ts`. `operations` is how many messages or connections are between two looks at the clock. */
function served(
  name: ServerRowName,
  title: string,
  operations: number,
  only: readonly LibraryName[],
  targets: readonly Target[],
): Row {
  return { name, title, unit: "ns", kind: "server", operations, expected: allOfThem, only, targets };
}

function native(atLeast: number): Target {
  return { than: "native", atLeast };
}

const ECHO_TARGETS: readonly Target[] = [native(0.85), { than: "asyncio", atLeast: 2 }];

const SERVER_ROWS: readonly Row[] = [
  served("echo-1k", "CPU time of a server, per 1 KiB echo, streams", 4_000, SERVED_BY_ALL, ECHO_TARGETS),
  served("echo-1k-time", "time of the same echo, client included", 4_000, SERVED_BY_ALL, ECHO_TARGETS),
  served("echo-1k-protocol", "CPU time, 1 KiB echo, protocols", 4_000, SERVED_BY_ALL, [native(0.95)]),
  served("echo-10k", "CPU time, 10 KiB echo, streams", 4_000, SERVED_BY_NODE, [native(0.9)]),
  served("echo-10k-protocol", "CPU time, 10 KiB echo, protocols", 4_000, SERVED_BY_NODE, [native(0.9)]),
  served("echo-100k", "CPU time, 100 KiB echo, streams", 1_000, SERVED_BY_NODE, [native(0.9)]),
  served("echo-100k-protocol", "CPU time, 100 KiB echo, protocols", 1_000, SERVED_BY_NODE, [native(0.9)]),
  served("connections", "CPU time, connection opened and closed, streams", 1_000, SERVED_BY_ALL, [native(0.8)]),
  served("connections-protocol", "CPU time, the same, protocols", 1_000, SERVED_BY_NODE, [native(0.8)]),
  {
    ...served("idle", "memory per idle connection, streams", 10_000, SERVED_BY_ALL, [native(1 / 1.3)]),
    unit: "bytes",
  },
  {
    ...served("idle-protocol", "memory per idle connection, protocols", 10_000, SERVED_BY_NODE, [native(1 / 1.3)]),
    unit: "bytes",
  },
];

/** Piscina and BullMQ used directly stand for "native". */
function away(kind: "time" | "cluster", name: RowName, title: string, operations: number, atLeast: number): Row {
  const targets = [native(atLeast)];
  return { name, title, unit: "ns", kind, operations, expected: sumOfSuccessors, only: SERVED_BY_NODE, targets };
}

const sumOfSuccessors = (n: number): number => (n * (n + 1)) / 2;

const AWAY_ROWS: readonly Row[] = [
  away("time", "thread-call", "call in a thread, one at a time", 5_000, 1 / 1.1),
  away("time", "thread-100", "call in a thread, 100 at a time", 10_000, 1 / 1.1),
  away("cluster", "cluster-call", "call on a cluster, one at a time", 500, 1 / 1.15),
  away("cluster", "cluster-1", "call on a cluster of 1 worker, 100 at a time", 2_000, 1 / 1.15),
  away("cluster", "cluster-2", "call on a cluster of 2 workers, 100 at a time", 2_000, 1 / 1.15),
  away("cluster", "cluster-4", "call on a cluster of 4 workers, 100 at a time", 2_000, 1 / 1.15),
];

/** In CPython as it is in WebAssembly. */
function python(
  name: PythonRowName,
  title: string,
  unit: "ns" | "ms",
  operations: number,
  targets: readonly Target[],
): Row {
  return { name, title, unit, kind: "own", operations, expected: allOfThem, only: ["turnwise"], targets };
}

const PYTHON_ROWS: readonly Row[] = [
  python("python-sleep0", "Python: sleep(0) in one task", "ns", 20_000, [
    { thanRow: "python-sleep0-least", atMost: 2 },
  ]),
  python("python-sleep0-least", "the same on the least of loops, in Python alone", "ns", 20_000, []),
  python("python-start", "Python: from the process's start to the first line", "ms", 1, [
    { thanRow: "python-start-alone", atMost: 1.3 },
  ]),
  python("python-start-alone", "the same of Pyodide alone", "ms", 1, []),
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
    title: "sleeps of 10 ms at the same time, joined",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: allOfThem,
    only: NOT_EFFECTION,
    targets: [
      { than: "native", atLeast: 2 },
      { than: "effect", atLeast: 1 },
    ],
  },
  {
    name: "task-sleeps",
    title: "tasks that sleep 10 ms at the same time",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    fewer: FEWER,
    expected: sumOfNumbers,
    targets: [{ than: "effect", atLeast: 1 }],
  },
  {
    name: "gather",
    title: "gather of functions that return at once",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    fewer: FEWER,
    expected: sumOfNumbers,
    only: NOT_EFFECTION,
    targets: [],
  },
  group("group-1", "child of a task group, groups of 1", []),
  group("group-100", "child of a task group, groups of 100", []),
  group("group-100k", "child of a task group of 100k", [{ thanRow: "group-100", atMost: 2 }]),
  {
    name: "cancel-group",
    title: "cancel a task group, per child parked in a sleep",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: allOfThem,
    // Native promises can't be cancelled. Never fewer than 100k here either: asyncio would look a third better.
    only: ["turnwise", "effect", "asyncio"],
    targets: [{ atMost: 15_000 }],
  },
  {
    name: "timeout-ready",
    title: "timeout around what is done already",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: allOfThem,
    only: NOT_EFFECTION,
    targets: [],
  },
  {
    name: "queue",
    title: "queue, from one task to another",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: sumOfNumbers,
    targets: QUEUE_TARGETS,
  },
  {
    name: "queue-128",
    title: "queue of at most 128, from one task to another",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: sumOfNumbers,
    only: NOT_EFFECTION,
    targets: QUEUE_TARGETS,
  },
  {
    name: "lock",
    title: "lock handed over between two tasks, a turn each",
    unit: "ns",
    kind: "time",
    operations: 100_000,
    expected: allOfThem,
    only: NOT_EFFECTION,
    targets: [{ than: "asyncio", atLeast: 5 }],
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
    only: ["turnwise"],
    targets: [],
  },
  {
    name: "ready-1m",
    title: "create and run, 1M tasks ready at once",
    unit: "ns",
    kind: "time",
    operations: 1_000_000,
    expected: allOfThem,
    only: ["turnwise"],
    targets: [{ thanRow: "ready-1k", atMost: 2 }],
  },
  {
    name: "lateness",
    title: "worst lateness of a host timer, loop busy 2 s",
    unit: "ms",
    kind: "own",
    operations: 1,
    expected: allOfThem,
    only: ["turnwise"],
    targets: [{ atMost: 30 }],
  },
  watch("clock", "a look at the clock (performance.now)", []),
  watch("unwatched", "a step, nobody watching", []),
  watch("watched", "a step, an instrument that hears nothing", []),
  watch("recorded", "a step, recorded", [{ overRow: "unwatched", atMost: 100 }]),
  watch("recorded-blamed", "a step, recorded, and blocking code looked for", []),
  ...SERVER_ROWS,
  ...AWAY_ROWS,
  ...PYTHON_ROWS,
];
