/**
 * `turnwise/guest`: tasks whose code is not JavaScript's, but that of an interpreter which runs in this thread. To the
 * loop, and to the tools that watch it, they are tasks like any other. An entry of its own, for `@turnwise/python` and
 * its like.
 */
import { runInScope } from "#async-context";
import type { EventLoop } from "./events.ts";
import { CANCELLED, type DoneEntry, Future, PENDING, RESULT, SEEN_EXCEPTION, UNSEEN_EXCEPTION } from "./futures.ts";
import type { Scope } from "./running.ts";
import type { Seconds } from "./scheduler.ts";
import { Sleep } from "./sleep.ts";
import { Task } from "./tasks.ts";
import type { Reject, Resolve } from "./thenable.ts";
import { Wait } from "./waits.ts";

export { isWatched, outsideTasks } from "./from-outside.ts";

/** How a step of a guest's task ended. */
export type GuestStep<T> =
  /** It waits until {@link GuestTask.schedule} is called. Was that called in the step, it gives others a turn. */
  | { readonly then: "wait" }
  | { readonly then: "result"; readonly value: T }
  /** @param told - the guest itself tells of errors that nobody retrieves. */
  | { readonly then: "error"; readonly error: unknown; readonly told: boolean }
  | { readonly then: "cancelled"; readonly message: string | undefined };

/** A task of a guest's. It is ready when it is made, and runs in the loop's next iteration. */
export abstract class GuestTask<T> extends Task<T> {
  #inStep = false;
  /** {@link schedule} was called in the step. */
  #turns = false;
  #isReady = true;

  /** @param coro - the name of its function. */
  constructor(loop: EventLoop, name: string, coro: string) {
    super(functionNamed(coro), { name }, loop);
    this._resolve = null; // What was captured is of no use to a guest.
  }

  /** Runs its code up to where it waits, or its end; in its scope. */
  protected abstract runStep(): GuestStep<T>;

  /** What it waits for, while it does. */
  protected abstract waitsFor(): Future<unknown>;

  /** Whether it may run now. If not, the guest keeps it, and calls {@link schedule} in time. */
  protected abstract mayRun(): boolean;

  /** Asks the guest to cancel it. @returns whether it was asked for before it was done. */
  protected abstract cancelInGuest(msg: string | undefined): boolean;

  /** It is ready for its next step. */
  schedule(): void {
    if (this.#inStep) this.#turns = true;
    else {
      this.#isReady = true;
      this._loop._push(this);
    }
  }

  override cancel(msg?: string): boolean {
    if (this._state !== PENDING) return false;
    return this.cancelInGuest(msg);
  }

  /** @internal */
  override get _isGuest(): boolean {
    return true;
  }

  /** @internal Its steps run the guest's code where the loop stands. */
  override get _resumes(): boolean {
    return false;
  }

  /** @internal */
  override _awaits(): (Future<unknown> | null)[] {
    if (this._state !== PENDING || this.#inStep || typeof this._fn !== "string") return [];
    return this.#isReady ? [null] : [this.waitsFor()];
  }

  /** @internal JavaScript code that a step calls waits for itself: the task does not wait there. */
  override _park(future: Future<unknown> | null, resolve: Resolve, reject: Reject): void {
    const wait = new Wait(null, future, resolve, reject);
    if (future === null) this._loop._push(wait);
    else future._add(wait);
  }

  /** @internal */
  override _run(): void {
    if (this._state !== PENDING) {
      super._run();
      return;
    }
    this.#isReady = false;
    if (!this.mayRun()) return;
    const loop = this._loop;
    this._fn = this.getCoroName();
    loop._watch?.begin(this as Task<unknown>);
    this.#inStep = true;
    let step: GuestStep<T>;
    try {
      step = runInScope(this as Scope, () => this.runStep());
    } finally {
      this.#inStep = false;
    }
    this._since = loop._clock;
    this.#end(step);
    if (!this.#turns) return;
    this.#turns = false;
    if (this._state === PENDING) this.schedule();
  }

  #end(step: GuestStep<T>): void {
    const watch = this._loop._watch;
    if (step.then === "wait") {
      if (watch !== null) watch.end(this.#turns ? "turn" : "wait", this.#turns ? null : this.waitsFor());
    } else {
      watch?.end("done", null);
      this._loop._tasks.delete(this as Task<unknown>);
      if (step.then === "result") this._settle(RESULT, step.value);
      else if (step.then === "cancelled") this._settle(CANCELLED, step.message);
      else if (step.told) {
        this._settle(UNSEEN_EXCEPTION, step.error);
        if (this._state === UNSEEN_EXCEPTION) this._state = SEEN_EXCEPTION;
      } else this._fail(step.error);
    }
  }

  /** It will not go on: its guest has ended, or dropped it. */
  protected drop(): void {
    if (this._state !== PENDING) return;
    this._loop._tasks.delete(this as Task<unknown>);
    this._settle(CANCELLED, undefined);
  }
}

/** See {@link GuestWait}. */
export interface GuestAwaited {
  /** In words. */
  words(): string;
  /** The tasks that must be done first, where that is known. */
  tasks(): readonly Future<unknown>[];
}

class GuestWords {
  readonly #what: GuestAwaited;
  constructor(what: GuestAwaited) {
    this.#what = what;
  }
  toString(): string {
    return this.#what.words();
  }
}

/** Something a guest's task waits for of which only the guest knows more. */
export class GuestWait extends Future<unknown> {
  /** @internal */
  readonly _what: GuestWords;
  readonly #what: GuestAwaited;

  /** @param what - what it is, asked only by those who look. */
  constructor(loop: EventLoop, what: GuestAwaited) {
    super(loop);
    this._what = new GuestWords(what);
    this.#what = what;
  }

  /** @internal */
  override _purpose(): string {
    return String(this._what);
  }

  /** @internal */
  override _blockers(): readonly Future<unknown>[] {
    return this.#what.tasks();
  }
}

/**
 * A sleep of a guest's: calls `fire` when the loop's time is `when`, unless it is cancelled before. To wake whoever
 * sleeps takes another turn.
 */
export function guestSleep(loop: EventLoop, when: Seconds, fire: () => void): Future<unknown> {
  const sleep = new Sleep(loop, when, undefined);
  sleep._add(new Fire(fire));
  return sleep;
}

class Fire implements DoneEntry {
  readonly #fire: () => void;
  constructor(fire: () => void) {
    this.#fire = fire;
  }
  _settled(future: Future<unknown>): void {
    if (!future.cancelled()) this.#fire();
  }
  _calls(): boolean {
    return false;
  }
}

/** In which iteration a loop is: a number that rises with each. */
export function iterationOf(loop: EventLoop): number {
  return loop._iteration;
}

/** What a guest does at the end of a loop: `shutDown` while tasks can still run, then `closed`. */
export function beforeClose(loop: EventLoop, end: { shutDown(): Promise<void>; closed(): void }): void {
  const shutDownOthers = loop._shutdown.bind(loop);
  const closeOthers = loop._closed.bind(loop);
  loop._shutdown = async () => {
    await end.shutDown();
    await shutDownOthers();
  };
  loop._closed = () => {
    end.closed();
    closeOthers();
  };
}

/** Stops the loop at once: its run ends with `error`. */
export function abortLoop(loop: EventLoop, error: unknown): void {
  loop._abort(error);
}

/** The number by which tools know a task. */
export function idOf(task: Task<unknown>): number {
  return task._id;
}

/** Tells who watches: the code that runs awaited a task that was done already. @param id - see {@link idOf}. */
export function notePassed(loop: EventLoop, id: number): void {
  loop._watch?.passed({ _id: id });
}

const functions = new Map<string, () => Promise<never>>();

/** A task is known by the name of its function. */
function functionNamed(name: string): () => Promise<never> {
  let known = functions.get(name);
  if (known === undefined) {
    known = Object.defineProperty(() => Promise.reject(new Error("a guest's code runs in the guest")), "name", {
      value: name,
    });
    functions.set(name, known);
  }
  return known;
}

/** A frame of a guest's stack. */
export interface GuestFrame {
  /** As the language calls it in stack traces: "Shop.open". */
  readonly name: string;
  /** An absolute path of the user's file; empty for the guest's own library. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1; 0 if it is not known. */
  readonly column: number;
  /** Where its function begins. */
  readonly firstLine: number;
}

/** An interpreter, as tools see it. */
export interface Guest {
  /**
   * What it runs now, innermost first; empty if it does not run. It may be called at any moment, also in the midst of the
   * guest's work: it must read, and do nothing else.
   */
  stack(): readonly GuestFrame[];
}

const GUESTS: unique symbol = Symbol.for("turnwise.guests") as never;

/** Makes a guest known to tools, under `globalThis[Symbol.for("turnwise.guests")]`. */
export function announceGuest(guest: Guest): void {
  ((globalThis as { [GUESTS]?: Guest[] })[GUESTS] ??= []).push(guest);
}
