/** Tasks that are begun eagerly, inside the step of the code that creates them. */
import { beginFirstStep } from "#first-steps";
import type { Task } from "./tasks.ts";

/** The tasks of a loop that were begun in the step that is in progress. */
export class EagerStarts {
  readonly #unfinished = new Set<Task<unknown>>();
  /** How many of them may still be in their first step: looked at between any two steps, so it is a field. */
  size = 0;
  /** Of how many futures nobody knows whether they are done. */
  undecided = 0;

  /** A task was begun, and it is not known to wait. */
  add(task: Task<unknown>): void {
    beginFirstStep(task);
    this.#unfinished.add(task);
    this.size++;
  }

  /** The step is over: the next of the tasks that are still in their first step; null if there is none. */
  nextUnfinished(): Task<unknown> | null {
    for (const task of this.#unfinished) {
      this.#unfinished.delete(task);
      this.size--;
      if (!task.done() && !task._isParked()) return task;
    }
    return null;
  }

  clear(): void {
    this.#unfinished.clear();
    this.size = 0;
  }
}
