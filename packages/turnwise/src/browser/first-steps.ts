/**
 * In browsers, how far a task came that was begun eagerly is known when its first step is over, and no sooner: it takes
 * much code, and an async context. A bundle for browsers has this in place of `../first-steps.ts`.
 */
import type { DoneEntry, Future } from "../futures.ts";
import type { Task } from "../tasks.ts";

/** There is none. */
export class Undecided {
  add(): void {}
}

export const FirstPart = {
  of<A>(part: (arg: A) => void, arg: A): null {
    part(arg);
    return null;
  },
};

export function nearThen(_made: readonly unknown[]): void {}

export function beginFirstStep(): void {}

export function firstStepOf(): null {
  return null;
}

export function isUndecided(): boolean {
  return false;
}

export const cancelsLater: typeof isUndecided = isUndecided;

export function addForLater(future: Future<unknown>, entry: DoneEntry): void {
  future._add(entry);
}

export function cancelWait(_task: Task<unknown>, future: Future<unknown> | null, msg: string | undefined): boolean {
  return future?.cancel(msg) === true;
}

export function decideWith(_future: unknown, _others: unknown, settle: () => void): void {
  settle();
}

export function whenDecided(_futures: unknown, then: () => void): void {
  then();
}
