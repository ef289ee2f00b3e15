/** Node's timers, made to follow the virtual clock: the globals, `node:timers`, `node:timers/promises`, `AbortSignal`. */
import { createRequire, syncBuiltinESMExports } from "node:module";
import { promisify } from "node:util";
import { timerPromises } from "./timer-promises.ts";
import type { VirtualTimers } from "./timers.ts";

type Callback = (...args: never[]) => unknown;

/** Replaces them. `setImmediate` stays: it does not wait for time. */
export function replaceTimers(timers: VirtualTimers): void {
  const real = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    clearTimeout: globalThis.clearTimeout,
    abortAfter: AbortSignal.timeout.bind(AbortSignal),
  };

  const setTimeout = (callback: Callback, delay?: number, ...args: unknown[]): object => {
    if (typeof callback !== "function") return real.setTimeout(callback); // Throws what Node throws.
    return timers.set(callback, Number(delay), args, false);
  };
  const setInterval = (callback: Callback, delay?: number, ...args: unknown[]): object => {
    if (typeof callback !== "function") return real.setInterval(callback);
    return timers.set(callback, Number(delay), args, true);
  };
  const clearTimeout = (timer?: unknown): void => {
    if (!timers.clear(timer)) real.clearTimeout(timer as NodeJS.Timeout | undefined);
  };
  const clearInterval = clearTimeout;
  const promises = timerPromises(timers);
  Object.defineProperty(setTimeout, promisify.custom, { get: () => promises.setTimeout, enumerable: true });

  const require = createRequire(import.meta.url);
  const replaced = { setTimeout, clearTimeout, setInterval, clearInterval };
  Object.assign(globalThis, replaced);
  Object.assign(require("node:timers") as object, replaced);
  const module = require("node:timers/promises") as { scheduler: object };
  Object.assign(module, { setTimeout: promises.setTimeout, setInterval: promises.setInterval });
  Object.defineProperty(module.scheduler, "wait", { value: promises.wait, configurable: true, writable: true });
  syncBuiltinESMExports();

  AbortSignal.timeout = (delay) => {
    if (!Number.isInteger(delay) || delay < 0) return real.abortAfter(delay); // Throws what Node throws.
    const controller = new AbortController();
    const message = "The operation was aborted due to timeout";
    const abort = (): void => controller.abort(new DOMException(message, "TimeoutError"));
    timers.set(abort, delay, [], false).unref();
    return controller.signal;
  };
}
