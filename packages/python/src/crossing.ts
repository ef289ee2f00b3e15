/** What passes between TypeScript and Python on one loop: calls, tasks, errors. Python's half is `turnwise_crossing.py`. */
import {
  CancelledError,
  type EventLoop,
  ExceptionGroup,
  type Future,
  getRunningLoop,
  isFuture,
  TimeoutError,
} from "turnwise";
import type { PyCallable } from "pyodide/ffi";
import type { LoopBridge } from "./loop-bridge.ts";
import { PythonError } from "./python-error.ts";

/** What calls a Python function: see `Call` there. */
type PythonCall = (args: readonly unknown[], keywords: object | undefined, loop: number) => Outcome;
export type Outcome =
  | [kind: 0, value: unknown]
  | [kind: 1, bridge: LoopBridge, task: number]
  | [kind: 2, error: unknown];

/** Loops by number. */
interface Joined {
  numberOf(loop: EventLoop): number;
}

/** A Python function in TypeScript. */
export interface PythonFunction {
  /** Calls it. If it is an `async def`, it begins in a task, which is what this returns. */
  (...args: unknown[]): unknown;
  /** The same, with the last argument as keyword arguments. */
  callKwargs(...argsAndKeywords: unknown[]): unknown;
}

/** What JavaScript's engine makes of `async function`. */
const AsyncFunction = (async (): Promise<void> => {}).constructor;

/** Errors that Python raised, and the exceptions that they stand for. */
const exceptions = new WeakMap<object, unknown>();

/** The functions that `turnwise_crossing.py` uses. */
export function crossing(joined: Joined): object {
  return {
    anAwaitable: Promise.resolve(),
    shapeOf,
    entriesOf: (value: object): [unknown, unknown][] => (value instanceof Map ? [...value] : Object.entries(value)),
    nameOf: (fn: { readonly name: string }): string => fn.name,
    call,
    follow,
    functionOf: (python: PyCallable, name: string): PythonFunction => functionOf(python as never, name, joined),
    pythonOf: (error: object): unknown => exceptions.get(error),
    kindOf: (error: Error): string =>
      error instanceof CancelledError || error instanceof TimeoutError ? error.name : "",
    errorFrom: (thrown: unknown): Error => new Error(String(thrown)),
    cancelledError: (message: string | undefined): Error => new CancelledError(message),
    timeoutError: (message: string, traceback: string): Error => withTraceback(new TimeoutError(message), traceback),
    exceptionGroup: (message: string, errors: unknown[], traceback: string): Error =>
      withTraceback(new ExceptionGroup(message, errors), traceback),
    pythonError: (type: string, message: string, traceback: string, exception: unknown): Error => {
      const error = PythonError.of(type, message, traceback);
      exceptions.set(error, exception);
      return error;
    },
    withTraceback,
  };
}

/** What a function of TypeScript's gave: one of these, the others are undefined, which Python takes for None. */
interface Called {
  readonly value: unknown;
  readonly awaitable: PromiseLike<unknown> | undefined;
  readonly error: unknown;
}

function call(fn: (...args: unknown[]) => unknown, args: unknown[]): Called {
  try {
    // In a task of its own, so that it can be cancelled, and belongs to somebody.
    const value = fn instanceof AsyncFunction && loopAround() !== null ? start(fn, args) : fn(...args);
    return isThenable(value)
      ? { awaitable: value, value: undefined, error: undefined }
      : { awaitable: undefined, value, error: undefined };
  } catch (thrown) {
    return { awaitable: undefined, value: undefined, error: thrown ?? new Error(`${String(thrown)} was thrown`) };
  }
}

function start(fn: (...args: unknown[]) => unknown, args: unknown[]): PromiseLike<unknown> {
  const body = { [fn.name]: () => fn(...args) as PromiseLike<unknown> }[fn.name] as () => PromiseLike<unknown>;
  return getRunningLoop().createTask(body);
}

/**
 * Tells Python when `awaitable` is done.
 * @returns what cancels it, and says whether Python is to wait until it has ended.
 */
function follow(
  awaitable: PromiseLike<unknown>,
  settle: (value: unknown, error?: unknown) => void,
): (message?: string) => boolean {
  if (isFuture(awaitable)) {
    awaitable.addDoneCallback(function resumePython(future: Future<unknown>): void {
      try {
        settle(future.result());
      } catch (thrown) {
        settle(undefined, thrown ?? new Error("undefined was thrown"));
      }
    });
    return (message) => awaitable.cancel(message);
  }
  void Promise.resolve(awaitable).then(
    (value) => settle(value),
    (thrown: unknown) => settle(undefined, thrown ?? new Error("undefined was thrown")),
  );
  return () => false;
}

function functionOf(python: PythonCall, name: string, joined: Joined): PythonFunction {
  const invoke = (args: readonly unknown[], keywords: object | undefined): unknown => {
    const loop = loopAround();
    return received(python(args, keywords, loop === null ? 0 : joined.numberOf(loop)));
  };
  const fn = (...args: unknown[]): unknown => invoke(args, undefined);
  Object.defineProperty(fn, "name", { value: name });
  return Object.assign(fn, {
    callKwargs: (...args: unknown[]): unknown => invoke(args.slice(0, -1), args.at(-1) as object | undefined),
  });
}

/** What Python's answer to a call comes to. @throws what it raised. */
export function received(outcome: Outcome): unknown {
  if (outcome[0] === 2) throw outcome[1];
  if (outcome[0] === 0) return outcome[1];
  const [, bridge, number] = outcome;
  return bridge.handOver(number);
}

/** The loop that runs the code which calls this, if one does. */
export function loopAround(): EventLoop | null {
  try {
    return getRunningLoop();
  } catch {
    return null;
  }
}

/** Adds Python's traceback to an error's stack. */
function withTraceback<E extends Error>(error: E, traceback: string): E {
  if (error.stack?.includes(traceback) !== true) error.stack = `${error.stack ?? String(error)}\n${traceback}`;
  return error;
}

/** As what Python gets a value. What has a class of its own stays what it is. */
function shapeOf(value: object): "function" | "bytes" | "array" | "set" | "map" | "object" | "other" {
  if (typeof value === "function") return "function";
  if (value instanceof Uint8Array) return "bytes";
  if (Array.isArray(value)) return "array";
  if (value instanceof Set) return "set";
  if (value instanceof Map) return "map";
  const prototype: unknown = Object.getPrototypeOf(value);
  return !isThenable(value) && (prototype === Object.prototype || prototype === null) ? "object" : "other";
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
