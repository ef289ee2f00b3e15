/** `taskGroup`: tasks that end with the block that started them. */
import type { AwaitableLike } from "./coroutines.ts";
import {
  asCancellation,
  CancelledError,
  ExceptionGroup,
  KeyboardInterrupt,
  RuntimeError,
  toError,
} from "./exceptions.ts";
import { type Future, Observer, RESULT } from "./futures.ts";
import { currentTask } from "./running.ts";
import { Semaphore } from "./semaphores.ts";
import { describeAbort, whenAborted } from "./signals.ts";
import type { Task, TaskOptions } from "./tasks.ts";
import type { ScopeOptions } from "./timeouts.ts";
import { waiterFor } from "./waiter.ts";

/** How {@link taskGroup} runs. */
export interface TaskGroupOptions extends ScopeOptions {
  /** How many tasks of the group run at the same time; by default all. The others start as these end, in order. */
  readonly limit?: number | undefined;
}

/**
 * Runs `body`, and returns its result when the body and every task that it started in the group are done:
 * `asyncio.TaskGroup`.
 *
 * If one fails, the others and the body are cancelled, and an {@link ExceptionGroup} of all failures is thrown. If the
 * current task is cancelled, so is the whole group. A child that is cancelled alone does not disturb the others.
 *
 * ```ts
 * await taskGroup(async (group) => {
 *   group.createTask(() => serve(a));
 *   group.createTask(() => serve(b));
 * });
 * ```
 *
 * @throws RuntimeError outside a task; RangeError if `limit` is below 1.
 */
export async function taskGroup<T>(body: (group: TaskGroup) => PromiseLike<T>, options?: TaskGroupOptions): Promise<T> {
  if (typeof body !== "function") {
    throw new TypeError("the body must be a function: taskGroup(async (group) => { ... })");
  }
  options?.signal?.throwIfAborted();
  const group = new TaskGroup(options);
  let result: T | undefined;
  let failure: { thrown: unknown } | null = null;
  try {
    result = await body(group);
  } catch (thrown) {
    failure = { thrown };
  }
  await group._exit(failure);
  return result as T;
}

/** The slots for a `limit`; `null` where there is none. */
export function slotsFor(limit: number | undefined): Semaphore | null {
  if (limit === undefined || limit === Infinity) return null;
  if (!(limit >= 1)) throw new RangeError(`limit must be 1 or more, got ${String(limit)}`);
  return new Semaphore(Math.floor(limit));
}

/** The group that {@link taskGroup} gives to its body: `asyncio.TaskGroup`. */
export class TaskGroup {
  readonly #parent: Task<unknown>;
  readonly #slots: Semaphore | null;
  readonly #tasks = new Set<Task<unknown>>();
  #errors: Error[] = [];
  #forgetSignal: (() => void) | null = null;
  readonly #observer: Observer;
  #abortReason: { reason: unknown } | null = null;
  #interrupt: KeyboardInterrupt | null = null;
  #exiting = false;
  #aborting = false;
  #finished = false;
  /** We cancelled the parent ourselves, and owe it an `uncancel`. */
  #parentCancelRequested = false;
  #allDone: Future<void> | null = null;

  /** @internal */
  constructor(options: TaskGroupOptions | undefined) {
    const parent = currentTask();
    if (parent === null) throw new RuntimeError("TaskGroup cannot determine the parent task: use it inside a task");
    this.#parent = parent;
    this.#slots = slotsFor(options?.limit);
    this.#observer = new Observer((task) => this.#onTaskDone(task as Task<unknown>), parent);
    if (options?.signal !== undefined) {
      this.#forgetSignal = whenAborted(options.signal, (reason) => {
        this.#abortReason = { reason };
        this.#cancel(describeAbort(reason));
      });
    }
  }

  /**
   * Starts `coro` in a task of the group: asyncio's `create_task`.
   * @throws RuntimeError if the group is finished, or is shutting down because something failed.
   */
  createTask<T>(coro: AwaitableLike<T>, options?: TaskOptions): Task<T> {
    if (this.#finished || (this.#exiting && this.#tasks.size === 0)) {
      throw new RuntimeError(`TaskGroup ${String(this)} is finished`);
    }
    if (this.#aborting) throw new RuntimeError(`TaskGroup ${String(this)} is shutting down`);
    const slots = this.#slots;
    const task = this.#parent.getLoop().createTask(slots === null ? coro : limited(coro, slots), options);
    this.#tasks.add(task as Task<unknown>);
    task._add(this.#observer);
    return task;
  }

  /**
   * Cancels the body and every task of the group; `taskGroup` then returns, with `undefined` if the body was cut
   * short, and without a CancelledError: asyncio's `TaskGroup.cancel` (3.15). Once more, or after the end, it does
   * nothing.
   */
  cancel(): void {
    this.#cancel(undefined);
  }

  /** @internal The tasks that the end of the group waits for. */
  _holders(): readonly Task<unknown>[] {
    return [...this.#tasks];
  }

  toString(): string {
    const info = ["TaskGroup"];
    if (this.#tasks.size > 0) info.push(`tasks=${this.#tasks.size}`);
    if (this.#errors.length > 0) info.push(`errors=${this.#errors.length}`);
    info.push(this.#aborting ? "cancelling" : "entered");
    return `<${info.join(" ")}>`;
  }

  #cancel(msg: string | undefined): void {
    if (this.#finished) return;
    if (!this.#aborting) this.#abort();
    if (this.#parentCancelRequested) return;
    this.#parentCancelRequested = true;
    this.#parent.cancel(msg);
  }

  #abort(): void {
    this.#aborting = true;
    for (const task of this.#tasks) if (!task.done()) task.cancel();
  }

  #onTaskDone(task: Task<unknown>): void {
    this.#tasks.delete(task);
    if (this.#tasks.size === 0 && this.#allDone !== null && !this.#allDone.done()) this.#allDone.setResult();
    if (task.cancelled() || task._state === RESULT) return;
    const exception = task.exception();
    this.#note(exception);
    if (this.#parent.done()) {
      this.#parent._loop._report({
        message: `Task ${String(task)} has errored out but its parent task ${String(this.#parent)} is already completed`,
        exception,
        task,
      });
      return;
    }
    if (!this.#aborting && !this.#parentCancelRequested) {
      this.#abort();
      this.#parentCancelRequested = true;
      this.#parent.cancel();
    }
  }

  #note(exception: unknown): void {
    this.#errors.push(toError(exception));
    if (exception instanceof KeyboardInterrupt) this.#interrupt ??= exception;
  }

  /** @internal The body is over: waits for the tasks, and throws what is to be thrown. */
  async _exit(failure: { thrown: unknown } | null): Promise<void> {
    this.#exiting = true;
    if (failure?.thrown instanceof KeyboardInterrupt) this.#interrupt ??= failure.thrown;
    const bodyCancelled = asCancellation(failure?.thrown);
    let cancellation = bodyCancelled;
    if (failure !== null && !this.#aborting) this.#abort();
    // The wait itself can be cancelled, more than once.
    while (this.#tasks.size > 0) {
      this.#allDone ??= waiterFor(this, this.#parent.getLoop());
      try {
        await this.#allDone;
      } catch (thrown) {
        if (!(thrown instanceof CancelledError)) throw thrown;
        if (!this.#aborting) {
          cancellation = thrown;
          this.#abort();
        }
      }
      this.#allDone = null;
    }
    this.#finished = true;
    this.#forgetSignal?.();
    if (this.#interrupt !== null) throw this.#interrupt;
    // The request that was ours is taken back; if there is no other, the cancellation was ours too.
    if (this.#parentCancelRequested && this.#parent.uncancel() === 0) cancellation = null;
    if (cancellation !== null && this.#errors.length === 0) throw cancellation;
    if (failure !== null && bodyCancelled === null) this.#errors.push(toError(failure.thrown));
    if (this.#errors.length > 0) {
      // Errors win over a cancellation from outside, but that is not lost: it is asked for once more.
      if (this.#parent.cancelling() > 0) {
        this.#parent.uncancel();
        this.#parent.cancel();
      }
      const errors = this.#errors;
      this.#errors = [];
      throw new ExceptionGroup("unhandled errors in a TaskGroup", errors);
    }
    if (this.#abortReason !== null) throw this.#abortReason.reason;
  }
}

/** The same, once there is a free slot. A promise has begun already, and can't be held back. */
function limited<T>(coro: AwaitableLike<T>, slots: Semaphore): AwaitableLike<T> {
  if (typeof coro !== "function") return coro;
  const inSlot = (): Promise<T> => slots.with(coro);
  return Object.defineProperty(inSlot, "name", { value: coro.name });
}
