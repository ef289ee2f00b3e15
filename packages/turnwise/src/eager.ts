/** Tasks that are begun eagerly, inside the step of the code that creates them. */
import type { Runnable } from "./ready.ts";
import type { Task } from "./tasks.ts";

/** The tasks that were begun in the step that is in progress. */
export class EagerStarts {
  readonly #starts = new Map<Task<unknown>, EagerStart>();
  /** How many there are: looked at between any two steps, so it is a field. */
  size = 0;

  /** A task is begun. @returns what keeps its place in the ready queue. */
  add(task: Task<unknown>): Runnable {
    const start = new EagerStart(task);
    this.#starts.set(task, start);
    this.size++;
    return start;
  }

  /** A task that waits for its next turn takes the place that was kept for it, if there is one. */
  takePlace(task: Task<unknown>): boolean {
    return this.#starts.get(task)?.take() ?? false;
  }

  /** The step is over: the next of the tasks that are still in their first step; null if there is none. */
  nextUnfinished(): Task<unknown> | null {
    for (const task of this.#starts.keys()) {
      this.#starts.delete(task);
      this.size--;
      if (!task.done() && !task._isParked()) return task;
    }
    return null;
  }

  clear(): void {
    this.#starts.clear();
    this.size = 0;
  }
}

/**
 * The place in the queue that a task had when it was begun. In asyncio a task that first of all yields is put there
 * before its creator goes on; here its `await` comes a moment later, when others may stand in line already.
 */
class EagerStart implements Runnable {
  readonly task: Task<unknown>;
  #taken = false;
  #passed = false;

  constructor(task: Task<unknown>) {
    this.task = task;
  }

  take(): boolean {
    if (this.#taken || this.#passed) return false;
    this.#taken = true;
    return true;
  }

  get _resumes(): boolean {
    return true;
  }

  _run(): void {
    this.#passed = true;
    if (this.#taken) this.task._run();
  }
}
