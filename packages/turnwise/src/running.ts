/** What is running now: whose code it is, and which loops run. */
import { currentScope } from "#async-context";
import type { Context, Vars } from "./contextvars.ts";
import type { EventLoop } from "./events.ts";
import { RuntimeError } from "./exceptions.ts";
import type { Task } from "./tasks.ts";

/** Whose code runs. A `Task` is a scope; so is a {@link CallbackScope}. */
export interface Scope {
  /** @internal */
  readonly _loop: EventLoop | null;
  /** @internal */
  readonly _task: Task<unknown> | null;
  /** @internal The context variables, or the context that holds them. */
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
      : "several event loops run, and this code is of none: call a method of one",
  );
}

/**
 * The task whose code calls this; `null` in a plain callback and outside every task: `asyncio.current_task`.
 * It is right after foreign promises too.
 */
export function currentTask(): Task<unknown> | null {
  const task = currentScope()?._task;
  return task?.done() === false ? task : null;
}
