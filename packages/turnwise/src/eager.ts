/** Tasks that are begun eagerly, inside the step of the code that creates them. */
import type { Task } from "./tasks.ts";
import { Place, Undecided } from "./undecided.ts";

/** The tasks of a loop that were begun in the step that is in progress. */
export class EagerStarts {
  readonly #unfinished = new Set<Task<unknown>>();
  /** How many of them may still be in their first step: looked at between any two steps, so it is a field. */
  size = 0;
  /** Of how many futures nobody knows whether they are done. */
  undecided = 0;

  /** A task was begun, and it is not known to wait. */
  add(task: Task<unknown>): void {
    const first = new FirstStep(task);
    task._loop._push(first.turn);
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

/**
 * The first step of a task that was begun eagerly, while nobody knows how it ends: it may be done, or await something
 * that is not ours, or that is done. Over when it parks, ends, or strays.
 */
export class FirstStep extends Undecided {
  /**
   * The place in the queue that the task had when it was begun. In asyncio a task that yields is put there before its
   * creator goes on; here its `await` may come a moment later, when others stand in line already.
   */
  readonly turn: Place = new Place();

  /** The task waits for its next turn. @returns whether it has its place. */
  takeTurn(task: Task<unknown>): boolean {
    return this.turn.take(() => task._run(), true);
  }
}
