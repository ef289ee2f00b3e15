/** `map`: the same for many items, so many at a time. */
import { describe } from "./describe.ts";
import { asCancellation, RuntimeError } from "./exceptions.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { type TaskGroup, taskGroup, type TaskGroupOptions, slotsFor } from "./taskgroups.ts";

/**
 * Calls `fn` for each item, at most `limit` at a time, and gives the results in the order of the items. (asyncio has
 * no such function: Python's users write a semaphore and a task group.)
 *
 * From an iterable, async or not, it takes an item only when a call can start. The first failure is thrown as it is,
 * once the other calls are cancelled and have cleaned up, and the iterable is closed; what fails after that goes to
 * the loop's exception handler. Cancelling the task that awaits cancels all calls.
 *
 * ```ts
 * const pages = await map(urls, (url) => fetchPage(url), { limit: 10 });
 * ```
 *
 * @throws RangeError if `limit` is below 1; RuntimeError outside a task; whatever `fn` or the iterable throws first.
 */
export async function map<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  fn: (item: T, index: number) => PromiseLike<R>,
  options: TaskGroupOptions = {},
): Promise<R[]> {
  if (typeof fn !== "function") throw new TypeError(`map() takes a function, got ${describe(fn)}`);
  if (currentTask() === null) throw new RuntimeError("map() should be used inside a task");
  const { limit, ...scope } = options;
  const slots = slotsFor(limit);
  const iterator = iterate(items);
  const results: R[] = [];
  const first = new FirstFailure();
  await taskGroup(async (group) => {
    let exhausted = false;
    try {
      for (let index = 0; ; index++) {
        await slots?.acquire();
        const step = await iterator.next();
        if (step.done === true) {
          exhausted = true;
          return;
        }
        const item = step.value;
        group.createTask(async () => {
          try {
            results[index] = await fn(item, index);
          } catch (thrown) {
            first.note(thrown, group);
          } finally {
            slots?.release();
          }
        });
      }
    } catch (thrown) {
      first.note(thrown, group);
    } finally {
      if (!exhausted) await iterator.return?.();
    }
  }, scope);
  first.rethrow();
  return results;
}

/** The failure that ends a `map`. */
class FirstFailure {
  #failure: { thrown: unknown } | null = null;

  /** Notes what was thrown, and cancels the group. A cancellation that somebody asked for is thrown on. */
  note(thrown: unknown, group: TaskGroup): void {
    if (asCancellation(thrown) !== null && (currentTask()?.cancelling() ?? 0) > 0) throw thrown;
    if (this.#failure !== null) {
      getRunningLoop().callExceptionHandler({ message: "exception in map() after it had failed", exception: thrown });
      return;
    }
    this.#failure = { thrown };
    group.cancel();
  }

  rethrow(): void {
    if (this.#failure !== null) throw this.#failure.thrown;
  }
}

/** One way to take items, whatever they come from. Items of a plain iterable are not awaited. */
function iterate<T>(items: Iterable<T> | AsyncIterable<T>): {
  next(): IteratorResult<T> | Promise<IteratorResult<T>>;
  return?(): unknown;
} {
  const source = items as Partial<Iterable<T> & AsyncIterable<T>> | null | undefined;
  const iterator = source?.[Symbol.asyncIterator]?.() ?? source?.[Symbol.iterator]?.();
  if (iterator === undefined) throw new TypeError(`map() takes an iterable or async iterable, got ${describe(items)}`);
  return iterator;
}
