/** How an `await` in the first part of a task that is begun eagerly is noticed at once. */
import { noteSuspension } from "./debug.ts";
import type { Future } from "./futures.ts";
import { farThen } from "./near-then.ts";
import type { Task } from "./tasks.ts";
import { type Reject, type Resolve, Thenable } from "./thenable.ts";

/**
 * What the first part of a task awaited. `await` reads `then` at once, and calls it in a microtask; by then whoever
 * created the task has gone on, and may have settled or cancelled what the task waits for.
 */
export class FirstPart {
  #last: EagerAwait | null = null;

  /** Runs `part` with its argument. @returns what it read `then` of last: if it awaits something of ours, that. */
  static of<A>(part: (arg: A) => void, arg: A): EagerAwait | null {
    if (current === null) watchReads();
    const outer = current;
    const own = (current = new FirstPart());
    try {
      part(arg);
    } finally {
      current = outer;
    }
    return own.#last;
  }

  /** @returns the `then` of `thenable`. */
  read(thenable: Thenable<unknown>): Then {
    this.#last = new EagerAwait(thenable);
    return this.#last.then;
  }
}

type Then = Thenable<unknown>["then"];

/** The first part that runs; they may be nested. */
let current: FirstPart | null = null;
let watching = false;
// oxlint-disable-next-line typescript/unbound-method -- It is called on what it was read of.
const plain: Then = Thenable.prototype.then;

/** From the first eager task on: a program without any awaits faster. */
function watchReads(): void {
  if (watching) return;
  watching = true;
  farThen();
  Reflect.defineProperty(Thenable.prototype, "then", {
    configurable: true,
    get(this: Thenable<unknown>): Then {
      return current === null ? plain : current.read(this);
    },
  });
}

const resolved = Promise.resolve();

/** A `then` that was read and, if that was an `await`, will be called in a microtask. */
class EagerAwait {
  readonly #thenable: Thenable<unknown>;
  /** The task that parked here. */
  #parked: Task<unknown> | null = null;
  /** What the engine called `then` with. */
  #called: { resolve: Resolve; reject: Reject } | null = null;
  /** The answer, if it came before. */
  #answer: { failed: boolean; value: unknown } | null = null;

  constructor(thenable: Thenable<unknown>) {
    this.#thenable = thenable;
  }

  readonly then: Then = (onfulfilled, onrejected) => {
    const isAwait = typeof onfulfilled === "function" && typeof onrejected === "function";
    const task = this.#parked;
    if (task === null || this.#called !== null || !isAwait || !this.#thenable._isAwait(onfulfilled)) {
      return plain.call(this.#thenable, onfulfilled, onrejected) as Promise<never>;
    }
    if (task._loop.getDebug()) noteSuspension(task);
    this.#called = { resolve: onfulfilled as Resolve, reject: onrejected };
    if (this.#answer !== null) this.#pass(this.#answer.failed, this.#answer.value);
    return undefined as never; // The engine never looks at it.
  };

  /** The first part is over: the task parks here, if it can. @returns whether it did. */
  park(task: Task<unknown>): boolean {
    const waitsFor = this.#thenable._parksOn(task);
    if (waitsFor === undefined) return false;
    this.#parked = task;
    const resolve: Resolve = (value) => this.#pass(false, value);
    task._park(waitsFor, resolve, (reason) => this.#pass(true, reason));
    void resolved.then(() => {
      if (this.#called !== null) return;
      // It only looked whether there is a `then`.
      this.#parked = null;
      if (waitsFor !== null && this.#answer === null) unpark(task, waitsFor, resolve);
    });
    return true;
  }

  #pass(failed: boolean, value: unknown): void {
    if (this.#called === null) this.#answer = { failed, value };
    else if (failed) this.#called.reject(value);
    else this.#called.resolve(value);
  }
}

/** The task does not wait for `future` after all, as its first part seemed to; it goes on with its first step. */
function unpark(task: Task<unknown>, future: Future<unknown>, resolve: Resolve): void {
  if (task._resolve !== resolve || task._awaited !== future || future.done()) return;
  future._remove(task);
  task._awaited = null;
  task._resolve = null;
  if (!task.done() && !task._isParked()) task._loop._eager.add(task);
}
