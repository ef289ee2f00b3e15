/** The function that a task runs: its first call, and how its end is noticed. */
import { currentScope, hasAsyncContext } from "#async-context";
import type { Coro } from "./coroutines.ts";
import { describe } from "./describe.ts";
import { RESULT, UNSEEN_EXCEPTION } from "./futures.ts";
import type { Task } from "./tasks.ts";
import { isThenable } from "./thenable.ts";

/** Runs the function's first part, in the context that was captured when the task was made. */
export function begin(task: Task<unknown>): void {
  const fn = task._fn as Coro<unknown>;
  task._fn = fn.name;
  try {
    const promise: unknown = fn();
    if (promise instanceof Promise) follow(task, promise);
    else if (isThenable(promise)) follow(task, Promise.resolve(promise));
    else
      throw new TypeError(`a coroutine was expected: a function that returns a promise; it returned ${hint(promise)}`);
  } catch (thrown) {
    task._finish(UNSEEN_EXCEPTION, thrown);
  }
}

function hint(value: unknown): string {
  return value === undefined ? "undefined: did you forget `return` or `async`?" : describe(value);
}

function follow(task: Task<unknown>, promise: Promise<unknown>): void {
  if (hasAsyncContext) void promise.then(onReturn, onThrow);
  else followByHand(task, promise);
}

/** Apart: where there is an async context, not even the memory for these closures is taken. */
function followByHand(task: Task<unknown>, promise: Promise<unknown>): void {
  void promise.then(
    (value) => task._finish(RESULT, value),
    (thrown: unknown) => task._finish(UNSEEN_EXCEPTION, thrown),
  );
}

// These two find their task in the async context, so that a task costs no closures.
function onReturn(value: unknown): void {
  currentScope()?._task?._finish(RESULT, value);
}

function onThrow(thrown: unknown): void {
  currentScope()?._task?._finish(UNSEEN_EXCEPTION, thrown);
}
