/** Waits: the `resolve` and `reject` that an `await` hands to `then`, until the loop calls one of them. */
import { currentScope } from "./async-context.ts";
import type { DoneEntry, Future } from "./futures.ts";
import { PENDING, RESULT } from "./futures.ts";
import type { Runnable } from "./ready.ts";
import type { Task } from "./tasks.ts";
import { type Reject, type Resolve, Thenable } from "./thenable.ts";

/**
 * Calls the `resolve` or `reject` of an `await`. Those only queue the continuation: it runs after this, as a
 * microtask. If somebody called `then` by hand, they are functions of theirs, and may return or throw; that is kept
 * for who chains on it.
 */
export function answer(
  waiting: Task<unknown> | Wait,
  resolve: Resolve,
  reject: Reject,
  failed: boolean,
  value: unknown,
): void {
  try {
    const returned = failed ? reject(value) : resolve(value);
    if (returned !== undefined) outcomes.set(waiting, Promise.resolve(returned));
  } catch (thrown) {
    outcomes.set(waiting, Promise.reject(thrown));
  }
}

const outcomes = new WeakMap<Task<unknown> | Wait, Promise<unknown>>();

/** A wait apart: of code that belongs to no task, or of a second branch of a task that forked itself. */
export class Wait extends Thenable<unknown> implements DoneEntry, Runnable {
  readonly task: Task<unknown> | null;
  /** What is awaited; null for the next turn. */
  readonly future: Future<unknown> | null;
  resolve: Resolve;
  reject: Reject;
  #answered = false;

  constructor(task: Task<unknown> | null, future: Future<unknown> | null, resolve: Resolve, reject: Reject) {
    super();
    this.task = task;
    this.future = future;
    this.resolve = resolve;
    this.reject = reject;
  }

  get _resumes(): boolean {
    return true;
  }

  _calls(): boolean {
    return false;
  }

  _settled(future: Future<unknown>): void {
    future._loop._push(this);
  }

  _run(): void {
    this.#answered = true;
    const { future, task } = this;
    const failed = future !== null && future._state !== RESULT;
    const value = future === null ? undefined : failed ? future._thrown() : future._value;
    if (task !== null && task._state === PENDING) task._resumeBranch(this, failed, value);
    else answer(this, this.resolve, this.reject, failed, value);
  }

  override _await(resolve: Resolve, reject: Reject): Promise<unknown> {
    return chain(this, this.#answered ? null : this).then(resolve, reject);
  }
}

/**
 * What `then` returns for a task's first wait. `await` drops it; so it is one object for all, which finds out by the
 * task that asks what it stands for.
 */
class FirstWait extends Thenable<unknown> {
  override _await(resolve: Resolve, reject: Reject): Promise<unknown> {
    const task = currentScope()?._task ?? null;
    if (task === null) return Promise.resolve(undefined).then(resolve, reject);
    // A native function is an `await` that came later: the call by hand has been answered.
    const waits = typeof task._resolve === "function" && !isNative(task._resolve);
    const open = task as unknown as { _resolve: Resolve; _reject: Reject };
    const wait = {
      get resolve() {
        return open._resolve;
      },
      set resolve(fn) {
        open._resolve = fn;
      },
      get reject() {
        return open._reject;
      },
      set reject(fn) {
        open._reject = fn;
      },
    };
    return chain(task, waits ? wait : null).then(resolve, reject);
  }
}

export const FIRST_WAIT: Promise<unknown> = new FirstWait();

function isNative(fn: unknown): boolean {
  return Function.prototype.toString.call(fn).includes("[native code]");
}

/** A promise of what the functions that were given to `then` return. */
function chain(waiting: Task<unknown> | Wait, open: { resolve: Resolve; reject: Reject } | null): Promise<unknown> {
  if (open === null) return outcomes.get(waiting) ?? Promise.resolve(undefined);
  const { resolve, reject } = open;
  return new Promise<unknown>((fulfil, fail) => {
    const through = (fn: (value: unknown) => unknown) => (value: unknown) => {
      try {
        fulfil(fn(value));
      } catch (thrown) {
        fail(thrown);
      }
    };
    open.resolve = through(resolve);
    open.reject = through(reject);
  });
}
