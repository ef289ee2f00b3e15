/** Waits: the `resolve` and `reject` that an `await` hands to `then`, until the loop calls one of them. */
import type { DoneEntry, Future } from "./futures.ts";
import { PENDING, RESULT } from "./futures.ts";
import type { Runnable } from "./ready.ts";
import type { Task } from "./tasks.ts";
import type { Reject, Resolve } from "./thenable.ts";

/** A wait apart: of code that belongs to no task, or of a second branch of a task that forked itself. */
export class Wait implements DoneEntry, Runnable {
  readonly task: Task<unknown> | null;
  /** What is awaited; null for the next turn. */
  readonly future: Future<unknown> | null;
  readonly resolve: Resolve;
  readonly reject: Reject;

  constructor(task: Task<unknown> | null, future: Future<unknown> | null, resolve: Resolve, reject: Reject) {
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
    const { future, task } = this;
    const failure = future?._state === RESULT ? null : future;
    const value = future?._value;
    if (task?._state === PENDING) task._resumeBranch(this, failure, value);
    else answer(this.resolve, this.reject, failure, value);
  }
}

/** What ended otherwise than with a result. */
export interface Failure {
  /** What is thrown. */
  _thrown(): unknown;
}

/**
 * Answers an `await`. That only queues the continuation: it runs after this, as a microtask. Where the engine's
 * `resolve` is all there is, an error goes through it too, in a {@link Thrown}.
 */
export function answer(resolve: Resolve, reject: Reject | null, failure: Failure | null, value: unknown): void {
  if (failure === null) resolve(value);
  else if (reject !== null) reject(failure._thrown());
  else resolve(new Thrown(failure));
}

/**
 * A thenable that rejects whoever adopts it. Unlike a rejected promise, it never counts as unhandled. And an error that is
 * made only here has in its stack who awaits.
 */
class Thrown {
  readonly #failure: Failure;
  constructor(failure: Failure) {
    this.#failure = failure;
  }
  then(_resolve: Resolve, reject: Reject): void {
    reject(this.#failure._thrown());
  }
}
