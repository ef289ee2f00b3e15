/** Waits: the `resolve` and `reject` that an `await` hands to `then`, until the loop calls one of them. */
import type { DoneEntry, Future } from "./futures.ts";
import { PENDING, RESULT } from "./futures.ts";
import type { Runnable } from "./ready.ts";
import type { Task } from "./tasks.ts";
import { Thenable } from "./thenable.ts";

export type Resolve = (value: unknown) => unknown;
export type Reject = (reason: unknown) => unknown;

/** Who calls `then(f, g)` by hand may ask what `f` or `g` returned: kept here if it is not what native ones return. */
const outcomes = new WeakMap<Resolve, Promise<unknown>>();

/**
 * Calls the `resolve` or `reject` of an `await`. Those only queue the continuation: it runs after this, as a
 * microtask. If somebody called `then` by hand, they are functions of theirs, and may return or throw.
 */
export function answer(resolve: Resolve, reject: Reject, failed: boolean, value: unknown): void {
  try {
    const returned = failed ? reject(value) : resolve(value);
    if (returned !== undefined) outcomes.set(resolve, Promise.resolve(returned));
  } catch (thrown) {
    outcomes.set(resolve, Promise.reject(thrown));
  }
}

/** A wait apart: of code that belongs to no task, or of a second branch of a task that forked itself. */
export class Wait extends Thenable<unknown> implements DoneEntry, Runnable {
  readonly task: Task<unknown> | null;
  /** What is awaited; null for the next turn. */
  readonly future: Future<unknown> | null;
  resolve: Resolve;
  reject: Reject;
  #answered = false;

  constructor(
    task: Task<unknown> | null,
    future: Future<unknown> | null,
    resolve: Resolve,
    reject: Reject,
  ) {
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
    else answer(this.resolve, this.reject, failed, value);
  }

  override then<A = unknown, B = never>(
    onfulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return chain(this, this.resolve, !this.#answered).then(onfulfilled, onrejected);
  }
}

/** What `then` returns for a task's only wait: nobody asks, unless somebody called `then` by hand. */
export class TaskWait extends Thenable<unknown> {
  readonly #task: Task<unknown>;
  readonly #resolve: Resolve;

  constructor(task: Task<unknown>, resolve: Resolve) {
    super();
    this.#task = task;
    this.#resolve = resolve;
  }

  override then<A = unknown, B = never>(
    onfulfilled?: ((value: unknown) => A | PromiseLike<A>) | null,
    onrejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const waits = this.#task._waitOf(this.#resolve);
    return chain(waits ?? { resolve: this.#resolve, reject: this.#resolve }, this.#resolve, waits !== null).then(
      onfulfilled,
      onrejected,
    );
  }
}

/** A promise of what the functions that were given to `then` return. */
function chain(
  wait: { resolve: Resolve; reject: Reject },
  key: Resolve,
  waiting: boolean,
): Promise<unknown> {
  if (!waiting) return outcomes.get(key) ?? Promise.resolve(undefined);
  const { resolve, reject } = wait;
  return new Promise<unknown>((fulfil, fail) => {
    const through = (fn: (value: unknown) => unknown) => (value: unknown) => {
      try {
        fulfil(fn(value));
      } catch (thrown) {
        fail(thrown);
      }
    };
    wait.resolve = through(resolve);
    wait.reject = through(reject);
  });
}
