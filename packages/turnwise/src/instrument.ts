/**
 * `turnwise/instrument`: what watches a loop, as a recorder or a debugger does. An entry of its own, so that a program
 * which watches nothing carries nothing of it.
 */
import type { Future } from "./futures.ts";
import type { Handle } from "./handles.ts";
import type { Seconds } from "./scheduler.ts";
import type { Task } from "./tasks.ts";

export { addInstrument, removeInstrument } from "./watch.ts";

/**
 * Hears what a loop does: give it to {@link addInstrument}. Every method may be left out.
 *
 * Each is called in the middle of the loop's work. It must be quick, must not throw (what it throws is thrown away),
 * and must not call the loop or settle anything. Times are the loop's `time()`, in seconds; the end of a step and the
 * beginning of the next one have the same.
 */
export interface Instrument {
  /** A task was made, by the code of `parent`, or of no task. It is ready right after. */
  taskMade?(task: Task<unknown>, parent: Task<unknown> | null, time: Seconds): void;
  /**
   * A task, or a callback, is in the ready queue.
   * @param inside - the loop's own step or timer made it so; else code outside: I/O, a promise that is not Turnwise's.
   */
  ready?(subject: Task<unknown> | Handle, time: Seconds, inside: boolean): void;
  /** A task has the thread, or a callback is called. */
  stepBegan?(subject: Task<unknown> | Handle, time: Seconds): void;
  /**
   * It gave the thread back. @param on - what the task waits for, if `why` is "wait"; null where it waits for several.
   */
  stepEnded?(subject: Task<unknown> | Handle, time: Seconds, why: StepEnd, on: Future<unknown> | null): void;
  /**
   * Its step ended because it gives the others a turn (`sleep(0)`), and it is ready again at once: an instrument that has
   * this hears it in place of `stepEnded` and `ready`.
   */
  turned?(task: Task<unknown>, time: Seconds): void;
  /**
   * A task that waited for a promise which is not Turnwise's has gone on, outside the loop's steps, and now waits
   * again or is done. When it went on nobody knows.
   */
  wentOn?(task: Task<unknown>, time: Seconds, why: StepEnd, on: Future<unknown> | null): void;
  /** A task is done: see its `cancelled()`, `exception()`. (To ask for the exception marks it as retrieved.) */
  taskDone?(task: Task<unknown>, time: Seconds): void;
  /** A future, or a task, is done. */
  futureSettled?(future: Future<unknown>, time: Seconds): void;
  /** The code that runs awaits `what`, which has come about: a future that is done, an event that is set. */
  passed?(what: object, time: Seconds): void;
  /** What others may pass has come about: an `Event` was set. Of futures {@link futureSettled} tells. */
  opened?(what: object, time: Seconds): void;
  /** A lock, or a slot of a semaphore, was taken: so many are `free` now. @param waited - the task had to wait for it. */
  acquired?(what: object, free: number, waited: boolean, time: Seconds): void;
  /** It was let go. */
  released?(what: object, free: number, time: Seconds): void;
  /** A timer was set: a sleep, a timeout, `callLater`. @param id - unlike that of the loop's other timers. */
  timerSet?(id: number, when: Seconds, time: Seconds): void;
  /** A sleep is over: what is told to be ready before the next event of another kind is so because of it. */
  timerFired?(id: number, time: Seconds): void;
  /** News leave for Turnwise's own code, which runs for no task: to a `gather` or a group of a task that ended. */
  noticeSent?(notice: object, time: Seconds): void;
  /** They arrived: what is told to be ready before the next event of another kind is so because of them. */
  noticeHeard?(notice: object, time: Seconds): void;
  /** Nothing is ready. @param deadline - when the next timer is due, if one is set. */
  idle?(time: Seconds, deadline: Seconds | null): void;
}

/**
 * Why a step ended: it waits for something of Turnwise's; it gives the others a turn (`sleep(0)`); it waits for a
 * promise that is not Turnwise's; it is done.
 */
export type StepEnd = "wait" | "turn" | "foreign" | "done";
