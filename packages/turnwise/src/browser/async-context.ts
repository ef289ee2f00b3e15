/**
 * Where the platform has no async context (a browser): the scope of the baton's holder stands in for it. So
 * `currentTask()` is right only between awaits of ours. A bundle for browsers has this in place of `../async-context.ts`.
 */
import type { Scope } from "../running.ts";

/** Whose code runs, as far as the loop knows. */
let holder: Scope | undefined;

export const hasAsyncContext: boolean = false;

export function currentScope(): Scope | undefined {
  return holder;
}

export function enterScope(scope: Scope | undefined): void {
  holder = scope;
}

export const noteHolder: (scope: Scope | undefined) => void = enterScope;

export function runInScope<T>(scope: Scope | undefined, fn: () => T): T {
  const before = holder;
  holder = scope;
  try {
    return fn();
  } finally {
    holder = before;
  }
}

/** There is nothing to capture. */
export function capture(): null {
  return null;
}

export function runCaptured<A>(_captured: unknown, scope: Scope, fn: (arg: A) => void, arg: A): void {
  runInScope(scope, () => fn(arg));
}
