/** Node's ticks: callbacks that come when the code that runs is done, before the platform has its turn. */
import type { Call } from "./host.ts";
import { process } from "./process.ts";

/** Calls back when the code that runs now is done; undefined where there are no ticks. */
export const promptly: Call | undefined = process?.nextTick?.bind(process);
const resolved = Promise.resolve();

/** @returns what calls one host's loop back when the microtasks are done. */
export function quietCalls(): Call | undefined {
  if (promptly === undefined) return undefined;
  const tick = promptly;
  let quiet = (): void => {};
  // A tick that is asked for in a microtask comes when there are no more. One function for all calls: it is on the way
  // of every step that something from outside begins.
  const inMicrotask = (): void => tick(quiet);
  return (callback) => {
    quiet = callback;
    void resolved.then(inMicrotask);
  };
}
