/** The live tasks of a loop. */
import type { Task } from "./tasks.ts";

/** A list whose links are fields of the tasks: to enter and to leave costs no memory and next to no time. */
export class TaskList implements Iterable<Task<unknown>> {
  #first: Task<unknown> | null = null;
  #last: Task<unknown> | null = null;

  add(task: Task<unknown>): void {
    task._previous = this.#last;
    if (this.#last !== null) this.#last._next = task;
    else this.#first = task;
    this.#last = task;
  }

  delete(task: Task<unknown>): void {
    const { _previous: previous, _next: next } = task;
    if (previous !== null) previous._next = next;
    else if (this.#first === task) this.#first = next;
    if (next !== null) next._previous = previous;
    else if (this.#last === task) this.#last = previous;
    task._previous = task._next = null;
  }

  clear(): void {
    this.#first = this.#last = null;
  }

  /** In the order in which they were made. */
  *[Symbol.iterator](): Iterator<Task<unknown>> {
    for (let task = this.#first; task !== null; task = task._next) yield task;
  }
}
