/** Futures of which nobody can say yet whether they are done: those of tasks that were begun eagerly. */
import { currentScope } from "#async-context";
import type { DoneEntry, Future } from "./futures.ts";
import type { Runnable } from "./ready.ts";
import { CancelledError } from "./exceptions.ts";
import { TaskExtra } from "./task-extra.ts";
import type { Task } from "./tasks.ts";
import type { Wait } from "./waits.ts";

/**
 * A place in the ready queue, kept for what may turn out to belong there. In asyncio a task that is begun eagerly is
 * done or waits before its creator goes on; a promise tells no sooner than in the next microtask.
 */
export class Place implements Runnable {
  #run: (() => void) | null = null;
  #resumes = true;
  #passed = false;

  /** @param resumes - whether `run` only resumes a task. @returns false if the place has been passed, or is taken. */
  take(run: () => void, resumes: boolean): boolean {
    if (this.#passed || this.#run !== null) return false;
    this.#run = run;
    this.#resumes = resumes;
    return true;
  }

  get _resumes(): boolean {
    return this.#resumes;
  }

  _run(): void {
    this.#passed = true;
    this.#run?.();
  }
}

/** Who is to be told when the future is done. */
interface Kept {
  readonly entry: DoneEntry;
  /**
   * Where it stands in the queue if the future turns out to have been done all the time; null for an `await`, which
   * then goes on at once; `undefined` for who asks by itself once it is decided.
   */
  readonly place: Place | null | undefined;
}

/**
 * Stands where a future keeps its entries while it is undecided. Once it is done it was done all the time: what was
 * added is told from the places that were kept. Once it is known to wait, those are void.
 */
export class Undecided implements DoneEntry {
  readonly #future: Future<unknown>;
  // Of most there is nothing to keep.
  #kept: Kept[] | null = null;
  #cancels: (string | undefined)[] | null = null;
  #listeners: (() => void)[] | null = null;

  constructor(future: Future<unknown>) {
    this.#future = future;
    const entries = future._entries === null ? null : future._allEntries();
    future._entries = this;
    future._loop._eager.undecided++;
    for (const entry of entries ?? []) this.add(entry);
  }

  add(entry: DoneEntry): void {
    const place = (entry as Partial<Runnable>)._resumes === true ? null : new Place();
    (this.#kept ??= []).push({ entry, place });
    if (place !== null) this.#future._loop._push(place);
  }

  /** Adds what is told only if the future waits: who adds it looks again when this is decided. */
  addForLater(entry: DoneEntry): void {
    (this.#kept ??= []).push({ entry, place: undefined });
  }

  remove(entry: DoneEntry): void {
    this.#kept = this.#kept?.filter((kept) => kept.entry !== entry) ?? null;
  }

  removeCallback(callback: unknown): number {
    const before = this.#kept ?? [];
    this.#kept = before.filter((kept) => !kept.entry._calls(callback));
    return before.length - this.#kept.length;
  }

  /** Who is to be told. */
  entries(): DoneEntry[] {
    return this.#kept?.map(({ entry }) => entry) ?? [];
  }

  /** Somebody cancels the future: it counts if it waits. */
  cancel(msg: string | undefined): void {
    (this.#cancels ??= []).push(msg);
  }

  /** Calls `listener` when it is known whether the future is done. */
  whenDecided(listener: () => void): void {
    (this.#listeners ??= []).push(listener);
  }

  /** The future waits. @returns the messages of the cancellations that came meanwhile, which are due now. */
  waits(): readonly (string | undefined)[] {
    this.#future._entries = null;
    for (const { entry } of this.#kept ?? []) this.#future._add(entry);
    this.#decided();
    return this.#cancels ?? [];
  }

  /** The future is done. */
  _settled(future: Future<unknown>): void {
    const kept = this.#kept;
    if (kept !== null) {
      const awaits: Place[] = [];
      for (const { entry, place } of kept) {
        const tell = (): void => entry._settled(future);
        if (place === null) awaits.push(goingOn(entry as Task<unknown> | Wait));
        else if (place?.take(() => future._loop._runInPlace(tell), false) === false) tell();
      }
      for (const place of awaits.toReversed()) future._loop._pushFirst(place);
    }
    this.#decided();
  }

  _calls(): boolean {
    return false;
  }

  #decided(): void {
    this.#future._loop._eager.undecided--;
    for (const listener of this.#listeners ?? []) listener();
  }
}

type Entries = Pick<Future<unknown>, "_entries">;

/** What answers an `await` of something that was done all the time. */
function goingOn(awaiting: Task<unknown> | Wait): Place {
  const place = new Place();
  const run = (): void => awaiting._run();
  const task = "task" in awaiting ? awaiting.task : awaiting;
  place.take(task === null ? run : () => pass(task, run), true);
  return place;
}

/** The task awaited what was done all the time: it goes on as if it had not stopped, even if it is cancelled. */
function pass(task: Task<unknown>, run: () => void): void {
  const extra = task._extra;
  const due = extra !== null && extra.mustCancel;
  if (due) extra.mustCancel = false;
  run();
  if (due) extra.mustCancel = true;
}

/**
 * The first step of a task that was begun eagerly, while nobody knows how it ends: it may be done, or await something
 * that is not ours, or that is done. Over when it parks, ends, or strays.
 */
class FirstStep extends Undecided {
  /**
   * The place in the queue that the task had when it was begun. In asyncio a task that yields is put there before its
   * creator goes on; here its `await` may come a moment later, when others stand in line already.
   */
  readonly turn: Place = new Place();

  /** The task waits for its next turn. @returns whether it has its place. */
  takeTurn(task: Task<unknown>): boolean {
    return this.turn.take(() => task._run(), true);
  }

  /** It turns out to end before the task does, which waits for `future`: cancellations that came meanwhile are due. */
  endsWaiting(task: Task<unknown>, future: Future<unknown> | null): void {
    for (const message of this.waits()) {
      const extra = (task._extra ??= new TaskExtra());
      extra.cancelRequests++;
      extra.controller?.abort(new CancelledError(message));
      if (cancelWait(task, future, message)) continue;
      extra.mustCancel = true;
      extra.cancelMessage = message;
    }
  }
}

/** A task was begun eagerly, and it is not known to wait. */
export function beginFirstStep(task: Task<unknown>): void {
  task._loop._push(new FirstStep(task).turn);
}

/** The first step of a task, while it is undecided. */
export function firstStepOf(task: Task<unknown>): FirstStep | null {
  // Asked at each wait: the number is at hand.
  return task._loop._eager.undecided > 0 && task._entries instanceof FirstStep ? task._entries : null;
}

/**
 * Cancels what a task waits for. If that is undecided, and done all the time, it does not wait; else it is cancelled
 * later. @returns whether the cancellation is on its way.
 */
export function cancelWait(task: Task<unknown>, future: Future<unknown> | null, msg: string | undefined): boolean {
  if (future === null) return false;
  if (!isUndecided(future)) return future.cancel(msg);
  whenDecided([future], () => {
    const extra = task._extra as TaskExtra;
    if (!extra.mustCancel || future.done() || !task._awaits().includes(future)) return;
    if (future.cancel(extra.cancelMessage)) extra.mustCancel = false;
  });
  return false;
}

/** Somebody cancels `future`. @returns whether nobody knows yet if that will count. */
export function cancelsLater(future: Future<unknown>, msg: string | undefined): boolean {
  if (!(future._entries instanceof Undecided) || currentScope()?._task === future) return false;
  future._entries.cancel(msg);
  return true;
}

/**
 * Whether `future`, of which the `others` decide, is done: nobody knows until they are decided.
 * @param settle - settles it then, if it is done.
 */
export function decideWith(future: Future<unknown>, others: readonly Entries[], settle: () => void): void {
  const open = others.filter(isUndecided);
  if (open.length === 0) return settle();
  const undecided = new Undecided(future);
  whenDecided(open, () => {
    settle();
    if (future._entries !== undecided) return;
    for (const message of undecided.waits()) future.cancel(message);
  });
}

/** Whether nobody knows yet if `future` is done. */
export function isUndecided(future: Entries): boolean {
  return future._entries instanceof Undecided;
}

/** Adds to a future what is told when it is done; of one that is undecided, only if it turns out to wait. */
export function addForLater<T>(future: Future<T>, entry: DoneEntry): void {
  if (future._entries instanceof Undecided) future._entries.addForLater(entry);
  else future._add(entry);
}

/** Calls `then` when it is known of each of `futures` whether it is done; at once if it is. */
export function whenDecided(futures: Iterable<Entries>, then: () => void): void {
  let left = 1;
  const decided = (): void => {
    if (--left === 0) then();
  };
  for (const { _entries } of futures) {
    if (!(_entries instanceof Undecided)) continue;
    left++;
    _entries.whenDecided(decided);
  }
  decided();
}
