/**
 * One measurement in a process of its own: `node --expose-gc bench/measure.ts LIBRARY ROW`. Prints
 * `{ "value": number }`, in the row's unit, per operation.
 */
import { writeSync } from "node:fs";
import { isClusterRow, measureCluster } from "./cluster.ts";
import { collect, COLLECTIONS } from "./collect.ts";
import type { Library, Parked, Timed } from "./library.ts";
import { median } from "./median.ts";
import { isPythonRow, measurePython } from "./python.ts";
import { repeat } from "./repeat.ts";
import { LIBRARIES, type LibraryName, operationsOf, type Row } from "./row.ts";
import { ROWS } from "./rows.ts";
import { isServerRow, measureServer } from "./serving.ts";
import { isThreadRow, threadCalls } from "./threads.ts";

const RUNS = 5;
/** No further run begins after so long: slow libraries have fewer runs, in the same number of rounds. */
const BUDGET_MS = 500;
/** How soon one thread wakes another is the system's whim, for whole runs at a time: only several say anything. */
const THREADS_BUDGET_MS = 3_000;
const WARM_UPS = 2;
const WARM_UP_BUDGET_MS = 500;
/** Enough that what is made once (compiled code, the library's own singletons) is there before the first look. */
const WARM_UP_TASKS = 2_000;

/** Prints the figure and ends the process: parked tasks would keep it alive for their hour. */
function finish(value: number): never {
  writeSync(1, JSON.stringify({ value }));
  process.exit(0);
}

async function timeOf(row: Row, run: Timed, operations: number, budget = BUDGET_MS): Promise<number> {
  const once = async (): Promise<number> => {
    // The garbage of the run before is not this run's to clear.
    collect(1);
    let start = performance.now();
    const result = await run(operations, () => {
      // Nor is that of what came before.
      collect(1);
      start = performance.now();
    });
    const end = performance.now();
    const expected = row.expected(operations);
    if (result !== expected) throw new Error(`a run gave ${result} instead of ${expected}`);
    return ((end - start) * 1e6) / operations;
  };
  await repeat(once, WARM_UPS, WARM_UP_BUDGET_MS);
  return median(await repeat(once, RUNS, budget));
}

async function heapOf(park: Parked, tasks: number): Promise<never> {
  await park(WARM_UP_TASKS, () => {});
  let before: number | undefined;
  await park(tasks, () => {
    collect(COLLECTIONS);
    const { heapUsed } = process.memoryUsage();
    if (before !== undefined) finish((heapUsed - before) / tasks);
    before = heapUsed;
  });
  throw new Error("the tasks ended, and nobody looked");
}

async function load(library: LibraryName): Promise<Library> {
  switch (library) {
    case "turnwise":
      return (await import("./libraries/turnwise.ts")).turnwise;
    case "native":
      return (await import("./libraries/native.ts")).native;
    case "effect":
      return (await import("./libraries/effect.ts")).effect;
    case "effection":
      return (await import("./libraries/effection.ts")).effection;
    case "asyncio":
      throw new Error("asyncio measures itself, in Python");
  }
}

async function measure(libraryName: LibraryName, row: Row): Promise<number> {
  const { name } = row;
  if (isServerRow(name)) return await measureServer(libraryName, row, name);
  if (isClusterRow(name)) return await measureCluster(libraryName, row, name);
  if (isPythonRow(name)) return await measurePython(name, row.operations);
  const operations = operationsOf(row, libraryName);
  if (isThreadRow(name)) return await timeOf(row, threadCalls(libraryName, name), operations, THREADS_BUDGET_MS);
  const library = await load(libraryName);
  const missing = new Error(`no workload for ${name}`);
  if (name === "lateness") {
    if (library.lateness === undefined) throw missing;
    return await library.lateness();
  }
  if (name === "heap-sleep" || name === "heap-future") {
    const park = library[name];
    if (park === undefined) throw missing;
    return await heapOf(park, operations);
  }
  const run = library[name];
  if (run === undefined) throw missing;
  return await timeOf(row, run, operations);
}

const [libraryName, rowName] = process.argv.slice(2);
const library = LIBRARIES.find((one) => one === libraryName);
const row = ROWS.find((one) => one.name === rowName);
if (library === undefined || row === undefined) throw new Error("usage: measure.ts LIBRARY ROW");
finish(await measure(library, row));
