/** `sleep`: wait for a time, or let the others have a turn. */
import { currentScope } from "#async-context";
import { noteSuspension } from "./debug.ts";
import type { EventLoop } from "./events.ts";
import type { Seconds } from "./scheduler.ts";
import { Future, type Observer, PENDING, RESULT } from "./futures.ts";
import { getRunningLoop, runningLoops } from "./running.ts";
import { keepShape } from "./shapes.ts";
import { FREE_TURN, type Reject, type Resolve, Thenable } from "./thenable.ts";
import type { Timer } from "./timers.ts";
import { checkTime } from "./times.ts";
import { Wait } from "./waits.ts";

/**
 * Waits for `delay` seconds, then gives `result`: `asyncio.sleep`. With 0 or less it lets everything that is ready run
 * once, and goes on.
 *
 * Unlike Python's, it begins when it is called, not when it is awaited.
 *
 * Cancelling the task that waits ends the wait. @throws RangeError if `delay` is NaN; RuntimeError if no loop runs.
 */
export function sleep(delay: Seconds): Promise<void>;
export function sleep<T>(delay: Seconds, result: T): Promise<T>;
export function sleep(delay: Seconds, result?: unknown): Promise<unknown> {
  checkTime("delay", delay);
  if (delay <= 0) {
    const loop = runningLoops[0]; // Usually the only one. On any other a turn is never for free.
    const isFree = loop?._turnIsFree() === true && currentScope()?._task === loop._holder;
    const turn = isFree ? FREE_TURN : NEXT_TURN;
    return result === undefined ? turn : after(turn, result);
  }
  const loop = getRunningLoop();
  return new Sleep(loop, loop.time() + delay, result);
}

/** Apart: a function that makes a closure pays for it even where it does not come to that. */
function after(turn: Promise<void>, result: unknown): Promise<unknown> {
  return turn.then(() => result);
}

/** @internal A future whose result a timer sets. It is its own timer, so that a sleep is one object. */
export class Sleep extends Future<unknown> implements Timer {
  readonly _when: number;
  /** Negative once it is not among the timers that are set. */
  _seq = 0;

  constructor(loop: EventLoop, when: Seconds, result: unknown) {
    super(loop);
    this._value = result; // Kept where it will be: nobody reads it while this is pending.
    this._when = when;
    loop._addTimer(this);
  }

  override cancel(msg?: string): boolean {
    const cancelled = super.cancel(msg);
    if (cancelled && this._seq >= 0) this._loop._timerDropped();
    return cancelled;
  }

  override _purpose(): string {
    return `a sleep until ${this._when} s`;
  }

  get _dropped(): boolean {
    return this._state !== PENDING;
  }

  get _resumes(): boolean {
    return false;
  }

  /** @internal It tells its one observer itself, unless it stands in the queue because it is due. */
  override _tellLater(observer: Observer): boolean {
    if (this._entries !== null || (this._seq < 0 && this._state !== RESULT)) return false;
    this._entries = observer;
    this._loop._push(this);
    return true;
  }

  /** Due: to wake up takes another turn, as in asyncio. Or it was, and has an observer to tell. */
  _run(): void {
    if (this._state === PENDING) {
      this._settle(RESULT, this._value);
      return;
    }
    const observer = this._entries as Observer | null;
    this._entries = null;
    observer?._callback(this);
  }
}

/** What `sleep(0)` returns where others are ready: no future, only a place at the end of the queue. */
class NextTurn extends Thenable<void> {
  /** To find out would take longer than the turn: `sleep(0).then(f, g)` by hand runs `f` in the loop. */
  override _isAwait(): boolean {
    return true;
  }

  override _parksOn(): null {
    return null;
  }

  override _await(resolve: Resolve, reject: Reject): void {
    const task = currentScope()?._task;
    if (task?._state === PENDING) {
      if (task._loop.getDebug()) noteSuspension(task);
      task._park(null, resolve, reject);
    } else getRunningLoop()._push(new Wait(null, null, resolve, reject));
  }
}

const NEXT_TURN = new NextTurn();
keepShape((loop) => [NEXT_TURN, new Sleep(loop, Infinity, undefined)]);
