/** `AbortSignal`s that cancel: one listener a signal, however many tasks hang on it. */
import { CancelledError } from "./exceptions.ts";
import type { Task } from "./tasks.ts";
import { whenDone } from "./futures.ts";

type OnAbort = (reason: unknown) => void;

/** Removing a listener from an `EventTarget` is linear in their number; removing from a set is not. */
const listeners = new WeakMap<AbortSignal, Set<OnAbort>>();

/**
 * Calls `onAbort` once when `signal` aborts, or at once if it has.
 * @returns a function that takes this back.
 */
export function whenAborted(signal: AbortSignal, onAbort: OnAbort): () => void {
  if (signal.aborted) {
    onAbort(signal.reason);
    return () => {};
  }
  const known = listeners.get(signal);
  const set = known ?? new Set<OnAbort>();
  if (known === undefined) {
    listeners.set(signal, set);
    signal.addEventListener(
      "abort",
      () => {
        listeners.delete(signal);
        for (const listener of set) listener(signal.reason);
      },
      { once: true },
    );
  }
  set.add(onAbort);
  return () => {
    set.delete(onAbort);
  };
}

/** Cancels `task` when `signal` aborts, as long as it is not done. */
export function cancelOnAbort(task: Task<unknown>, signal: AbortSignal): void {
  const forget = whenAborted(signal, (reason) => task.cancel(describeAbort(reason)));
  whenDone(task, forget);
}

/** The message of a cancellation that a signal asked for. */
export function describeAbort(reason: unknown): string {
  if (reason instanceof CancelledError) return reason.message;
  return reason instanceof Error ? reason.message : String(reason);
}
