/**
 * What is running now: the scope that the async context names (loop, task, context variables), and the loops that run.
 *
 * One `AsyncLocalStorage` carries the scope, so it is right in forked branches of a task and after foreign promises
 * too. Where the platform has none (a browser), the holder of the baton stands in: then `currentTask()` is right only
 * between awaits of ours.
 */
import type { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import type { Context, Vars } from "./contextvars.ts";
import type { EventLoop } from "./events.ts";
import { RuntimeError } from "./exceptions.ts";
import type { Task } from "./tasks.ts";

/** Whose code runs. A `Task` is a scope; so is a {@link CallbackScope}. */
export interface Scope {
  readonly _loop: EventLoop | null;
  readonly _task: Task<unknown> | null;
  /** The context variables, or the context that holds them. */
  readonly _context: Vars | Context;
}

/** The scope of a plain callback, and of `Context.run`. Never changed: setting a variable enters a new one. */
export class CallbackScope implements Scope {
  readonly _loop: EventLoop | null;
  readonly _task: Task<unknown> | null;
  readonly _context: Vars | Context;
  constructor(loop: EventLoop | null, task: Task<unknown> | null, context: Vars | Context) {
    this._loop = loop;
    this._task = task;
    this._context = context;
  }
}

interface AsyncHooks {
  readonly AsyncLocalStorage: new () => AsyncLocalStorage<Scope | undefined>;
  readonly AsyncResource: new (type: string) => AsyncResource;
}

// Reached this way, and not by an import, the entry has no Node built-in in it and a bundle for browsers works.
interface ProcessLike {
  getBuiltinModule?: (name: string) => unknown;
}
const hooks = (globalThis as { process?: ProcessLike }).process?.getBuiltinModule?.(
  "node:async_hooks",
) as AsyncHooks | undefined;
const storage = hooks === undefined ? null : new hooks.AsyncLocalStorage();
const Resource = hooks?.AsyncResource;

let standIn: Scope | undefined;

/** Whether the platform has an async context; without one `currentTask()` knows only the baton's holder. */
export const hasAsyncContext: boolean = storage !== null;

/** The scope of the code that calls this; `undefined` outside every loop. */
export const currentScope: () => Scope | undefined =
  storage === null ? () => standIn : () => storage.getStore();

/** Makes `scope` that of the rest of this synchronous run, and of all that starts in it. */
export const enterScope: (scope: Scope | undefined) => void =
  storage === null
    ? (scope) => {
        standIn = scope;
      }
    : (scope) => storage.enterWith(scope);

/** Without an async context: tells whose code runs next. Nothing to do where there is one. */
export const noteHolder: (scope: Scope | undefined) => void =
  storage === null ? (enterScope as (scope: Scope | undefined) => void) : () => {};

/** The async context at one moment, the user's own storages included; `null` where the platform has none. */
export type Captured = AsyncResource | null;

/** What a resource captured, and how long it is good for: many tasks are made in the same context. */
let lastFrame: unknown;
let lastCaptured: Captured = null;

/**
 * The context is an object that a resource keeps under a symbol of Node's. Where it is the same as the last time, so is
 * what can be captured, and 100,000 tasks that are made in a loop share one resource. Where Node has no such symbol,
 * each gets its own.
 */
const frameSymbol: symbol | undefined =
  Resource === undefined
    ? undefined
    : Object.getOwnPropertySymbols(new Resource("turnwise")).find(({ description }) => description === "context_frame");

export function captureContext(): Captured {
  if (Resource === undefined) return null;
  const captured = new Resource("turnwise");
  if (frameSymbol === undefined) return captured;
  const frame = (captured as unknown as Record<symbol, unknown>)[frameSymbol];
  if (frame === undefined) return captured;
  if (frame !== lastFrame) {
    lastFrame = frame;
    lastCaptured = captured;
  }
  return lastCaptured;
}

/** Lets go of what was captured last, and with it of the task that it belongs to. */
export function forgetCaptured(): void {
  lastFrame = lastCaptured = null;
}

/** Calls `fn(arg)` in a captured context, and restores the caller's. */
export const runCaptured: <A>(captured: Captured, fn: (arg: A) => void, arg: A) => void =
  Resource === undefined
    ? (_captured, fn, arg) => {
        const before = standIn;
        try {
          fn(arg);
        } finally {
          standIn = before;
        }
      }
    : (captured, fn, arg) => {
        if (captured === null) fn(arg);
        else captured.runInAsyncScope(fn as (arg: unknown) => void, undefined, arg);
      };

/** Calls `fn` in `scope`; the promises and callbacks that it starts stay in it. */
export function runInScope<T>(scope: Scope, fn: () => T): T {
  if (storage !== null) return storage.run(scope, fn);
  const before = standIn;
  standIn = scope;
  try {
    return fn();
  } finally {
    standIn = before;
  }
}

/** Calls `fn` outside every scope, so that what it keeps (a host timer) does not keep a task with it. */
export function runOutside<T>(fn: () => T): T {
  return storage === null ? fn() : storage.exit(fn);
}

/** The loops that run in this thread, in the order in which they started. Usually one. */
export const runningLoops: EventLoop[] = [];

/**
 * The loop that runs the code that calls this: `asyncio.get_running_loop`. Code that belongs to no loop (a listener
 * that was set before `run`) gets the loop that runs, if there is only one.
 * @throws RuntimeError if no loop runs.
 */
export function getRunningLoop(): EventLoop {
  const own = currentScope()?._loop ?? null;
  if (own !== null && own.isRunning()) return own;
  if (runningLoops.length === 1) return runningLoops[0] as EventLoop;
  throw new RuntimeError(
    runningLoops.length === 0
      ? "no running event loop"
      : "several event loops run, and this code belongs to none of them: call the method of the loop you mean",
  );
}

/**
 * The task whose code calls this; `null` in a plain callback and outside every task: `asyncio.current_task`.
 * It is right after foreign promises too.
 */
export function currentTask(): Task<unknown> | null {
  const task = currentScope()?._task ?? null;
  return task !== null && !task.done() ? task : null;
}
