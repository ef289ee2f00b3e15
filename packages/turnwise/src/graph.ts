/** Who waits for what: asyncio's call graph, and the words for a wait. */
import { currentScope } from "#async-context";
import { callSite, shortSite, suspensionOf } from "./debug.ts";
import { type Future, Observer } from "./futures.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { Task } from "./tasks.ts";
import { Wait } from "./waits.ts";

/** One function on the call stack of a task: asyncio's `FrameCallGraphEntry`. */
export interface FrameCallGraphEntry {
  readonly functionName: string;
  /** `file:line`; null where it is not known: of a task that waits it is known in debug mode only. */
  readonly location: string | null;
}

/** A future, its call stack if it is a task, and those who wait for it: asyncio's `FutureCallGraph`. */
export interface FutureCallGraph {
  readonly future: Future<unknown>;
  /** Innermost first. */
  readonly callStack: readonly FrameCallGraphEntry[];
  readonly awaitedBy: readonly FutureCallGraph[];
}

/** How much of a call graph to take. */
export interface CallGraphOptions {
  /** How many frames of each stack: above 0 the innermost, below 0 the outermost, 0 none. By default all. */
  readonly limit?: number | undefined;
}

/**
 * The call graph of a future or task, by default the current task: `asyncio.capture_call_graph`. It has the stack of
 * the task, and the graph of every task that waits for it. `null` where no task runs.
 *
 * JavaScript does not show the stack of a function that waits. In debug mode Turnwise notes it at each `await`; without
 * it the stack of a waiting task is only the function that it was made from.
 *
 * @throws RuntimeError if no future is given, and no loop runs.
 */
export function captureCallGraph(
  future?: Future<unknown> | null,
  options: CallGraphOptions = {},
): FutureCallGraph | null {
  const start = future ?? currentOrNull();
  return start === null ? null : graphOf(start, options.limit, new Set());
}

/** {@link captureCallGraph} as text: `asyncio.format_call_graph`. Empty where no task runs. */
export function formatCallGraph(future?: Future<unknown> | null, options: CallGraphOptions = {}): string {
  const graph = captureCallGraph(future, options);
  return graph === null ? "" : linesOf(graph, 0).join("\n");
}

/** Prints {@link formatCallGraph}, by default to stdout: `asyncio.print_call_graph`. */
export function printCallGraph(
  future?: Future<unknown> | null,
  options: CallGraphOptions & { readonly print?: ((text: string) => void) | undefined } = {},
): void {
  (options.print ?? console.log)(formatCallGraph(future, options));
}

function currentOrNull(): Task<unknown> | null {
  if (currentScope() === undefined) getRunningLoop();
  return currentTask();
}

function graphOf(future: Future<unknown>, limit: number | undefined, above: ReadonlySet<unknown>): FutureCallGraph {
  const path = new Set(above).add(future);
  // Tasks that wait for each other in a circle are shown once on each way.
  const awaiters = awaitersOf(future).filter((awaiter) => !path.has(awaiter));
  return {
    future,
    callStack: cut(future instanceof Task ? stackOf(future) : [], limit),
    awaitedBy: awaiters.map((awaiter) => graphOf(awaiter, limit, path)),
  };
}

/** The tasks that wait for a future: asyncio's `awaited_by`. */
export function awaitersOf(future: Future<unknown>): Task<unknown>[] {
  const awaiters = new Set<Task<unknown>>();
  for (const entry of future._allEntries()) {
    const task =
      entry instanceof Task
        ? entry
        : entry instanceof Wait
          ? entry.task
          : entry instanceof Observer
            ? entry.awaiter
            : null;
    if (task !== null) awaiters.add(task);
  }
  return [...awaiters];
}

function stackOf(task: Task<unknown>): FrameCallGraphEntry[] {
  const stack = task === currentTask() ? callSite(captureCallGraph) : (suspensionOf(task) ?? "");
  const frames = stack
    .split("\n")
    .filter((line) => line !== "")
    .map(parseFrame);
  return frames.length > 0 ? frames : [{ functionName: task.getCoroName() || "<anonymous>", location: null }];
}

function parseFrame(line: string): FrameCallGraphEntry {
  const text = line.trim().replace(/^at (async )?/, "");
  const name = /^(.*) \(.*\)$/.exec(text)?.[1] ?? "<anonymous>";
  return { functionName: name, location: shortSite(line) || null };
}

function cut<T>(frames: T[], limit: number | undefined): T[] {
  if (limit === undefined) return frames;
  if (limit === 0) return [];
  return limit > 0 ? frames.slice(0, limit) : frames.slice(limit);
}

function linesOf(graph: FutureCallGraph, depth: number): string[] {
  const indent = " ".repeat(depth);
  const name = graph.future instanceof Task ? `Task(name='${graph.future.getName()}')` : String(graph.future);
  const lines = [`${indent}* ${name}`];
  if (graph.callStack.length > 0) {
    lines.push(`${indent}  + Call stack:`);
    for (const { functionName, location } of graph.callStack) {
      lines.push(`${indent}  |   ${location === null ? "" : `${location}, `}in ${functionName}()`);
    }
  }
  if (graph.awaitedBy.length > 0) {
    lines.push(`${indent}  + Awaited by:`);
    for (const awaiter of graph.awaitedBy) lines.push(...linesOf(awaiter, depth + 4));
  }
  return lines;
}

/** What a task waits for, in words; in debug mode with the line. */
export function describeWait(task: Task<unknown>): string {
  const line = shortSite(suspensionOf(task) ?? "");
  const at = line === "" ? "" : ` at ${line}`;
  if (task._extra?.foreign === true) return "waits for a promise that is not Turnwise's";
  const awaits = task._awaits();
  if (awaits.length === 0) return "has not begun to wait";
  return `waits for ${awaits.map(describeAwaited).join(", and for ")}${at}`;
}

function describeAwaited(future: Future<unknown> | null): string {
  if (future === null) return "its next turn";
  if (future instanceof Task) return `the task ${future.getName()}`;
  return future._purpose();
}
