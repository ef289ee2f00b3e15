/** Slow steps, which debug mode reports. */
import { watchBetweenSteps } from "#between-steps";
import { systemTime } from "#clock";
import type { Runnable } from "./ready.ts";
import type { Scheduler } from "./scheduler.ts";

/** What stops the look at a loop's tasks between its steps. */
const looks = new WeakMap<object, () => void>();

/**
 * Times each callback and each step of a loop, in real time: from where it begins to where the baton is given back. It
 * does so by methods of the loop's own, in front of its class's: a loop that is not in debug mode has none.
 */
export function watchSlowSteps(loop: Scheduler): void {
  const plain = Object.getPrototypeOf(loop) as Scheduler;
  let item: Runnable | null = null;
  let since = 0;
  const end = (): void => {
    if (item !== null) reportIfSlow(loop, item, since);
    item = null;
  };
  loop._step = (next) => {
    item = next;
    since = systemTime();
    plain._step.call(loop, next);
    if (loop._holder === null) end();
  };
  loop._turnIsFree = () => false; // It would make one step of two.
  loop._batonIsFree = () => {
    end();
    return plain._batonIsFree.call(loop);
  };
  looks.set(
    loop,
    watchBetweenSteps(loop, (task, began) => reportIfSlow(loop, task, began)),
  );
}

/** Stops it. */
export function ignoreSlowSteps(loop: Partial<Pick<Scheduler, "_step" | "_batonIsFree" | "_turnIsFree">>): void {
  delete loop._step;
  delete loop._batonIsFree;
  delete loop._turnIsFree;
  looks.get(loop)?.();
  looks.delete(loop);
}

function reportIfSlow(loop: Scheduler, what: object, since: number): void {
  const took = systemTime() - since;
  if (took < loop.slowCallbackDuration) return;
  console.warn(`Executing ${String(what)} took ${took.toFixed(3)} seconds`);
}
