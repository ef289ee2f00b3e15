/** Signals of the operating system as callbacks of the loop: `addSignalHandler`, `removeSignalHandler`. */
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { runInScope } from "#async-context";
import { copyContext } from "../contextvars.ts";
import { isAsyncFunction } from "../debug.ts";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { RuntimeError } from "../exceptions.ts";
import { Handle } from "../handles.ts";
import { getRunningLoop } from "../running.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import { signalName } from "./signal-names.ts";

/**
 * Calls `callback(...args)` as a callback of the running loop whenever the process gets `signal`, in a copy of the
 * current context: asyncio's `loop.add_signal_handler`. A loop has one handler for a signal: the next one replaces it.
 *
 * Whoever handles SIGINT has Ctrl-C for itself: `run` does not cancel the main task then. A handler does not keep the
 * process alive, and is gone once the loop is closed.
 *
 * @throws RuntimeError if the signal cannot be caught, outside the main thread, and if no loop runs; RangeError if
 * there is no such signal; TypeError if `callback` is not a function, or is async.
 */
export function addSignalHandler<A extends unknown[]>(
  signal: NodeJS.Signals,
  callback: (...args: A) => unknown,
  ...args: A
): void {
  const loop = getRunningLoop();
  const name = signalName(signal);
  if (typeof callback !== "function") {
    throw new TypeError(`a callable object was expected by add_signal_handler(), got ${describe(callback)}`);
  }
  if (isAsyncFunction(callback)) {
    throw new TypeError("coroutines cannot be used with add_signal_handler(): start a task in the callback");
  }
  if (name === "SIGKILL" || name === "SIGSTOP") throw new RuntimeError(`sig ${name} cannot be caught`);
  if (!isMainThread) {
    throw new RuntimeError("add_signal_handler() works in the main thread only: a worker thread hears no signals");
  }
  const handlers = handlersOf(loop);
  const before = handlers.get(name);
  handlers.set(name, new SignalHandler(loop, name, new Handle(loop, callback, args, copyContext())));
  before?.remove(); // Last: at no time does nobody listen.
}

/**
 * Removes the running loop's handler for `signal`: asyncio's `loop.remove_signal_handler`. The signal does again what
 * it does by default.
 * @returns whether there was one. @throws RangeError if there is no such signal.
 */
export function removeSignalHandler(signal: NodeJS.Signals): boolean {
  const name = signalName(signal);
  const handlers = handlersOf(getRunningLoop());
  handlers.get(name)?.remove();
  return handlers.delete(name);
}

const byLoop = new WeakMap<EventLoop, Map<string, SignalHandler>>();

function handlersOf(loop: EventLoop): Map<string, SignalHandler> {
  const known = byLoop.get(loop) ?? new Map<string, SignalHandler>();
  byLoop.set(loop, known);
  return known;
}

class SignalHandler implements Resource {
  readonly #loop: EventLoop;
  readonly #signal: string;
  readonly #handle: Handle;

  constructor(loop: EventLoop, signal: string, handle: Handle) {
    this.#loop = loop;
    this.#signal = signal;
    this.#handle = handle;
    runInScope(undefined, () => process.on(signal, this.#heard));
    hold(loop, this);
  }

  /** Also takes back the calls that the loop has yet to make. */
  remove(): void {
    letGo(this.#loop, this);
    this.loopClosed();
  }

  loopClosed(): void {
    process.off(this.#signal, this.#heard);
    this.#handle.cancel();
  }

  readonly #heard = (): void => this.#loop._push(this.#handle);
}
