/** `Scheduler`: the loop itself. What is ready runs in order, one step at a time, and the host gets its turns. */
import { currentScope, noteHolder, runInScope } from "#async-context";
import { EagerStarts } from "./eager.ts";
import type { Host, IdleState } from "./host.ts";
import type { Runnable } from "./ready.ts";
import { Ring } from "./ring.ts";
import type { Task } from "./tasks.ts";
import { type Timer, Timers } from "./timers.ts";
import type { Watch } from "./watch.ts";

/** A time span, or a point of a loop's time, in seconds. */
export type Seconds = number;

/** At most so many handles run between two looks at the clock. */
const HANDLES_PER_LOOK = 8;
/** Handles that took longer than this from look to look, in seconds, are slow: look after each. */
const SLOW_LOOK = 0.001;

const resolved = Promise.resolve();

/**
 * Runs what is ready, and passes the baton.
 *
 * To resume a task, it takes one handle off the queue, makes that task the holder of the baton and answers its `await`.
 * It runs no other handle until the holder gives the baton back: by parking (`_passBaton`), by ending (`_takeBaton`), or
 * because the host's turn shows that it waits for something which is not ours.
 */
export abstract class Scheduler {
  /**
   * How long, in seconds, the loop may run before it gives the host (I/O, signals, other code's timers) a turn.
   * A single step that is longer can't be interrupted.
   */
  timeSlice: Seconds = 0.005;
  /** In debug mode, a step that takes so many seconds is reported: asyncio's `slow_callback_duration`. */
  slowCallbackDuration: Seconds = 0.1;
  /** @internal The task that has the baton: its step is in progress. */
  _holder: Task<unknown> | null = null;
  /** @internal The time of the last look at the clock, in real milliseconds: whole, so that noting it costs nothing. */
  _clock = 0;
  /** @internal Who watches this loop. Only the methods that are swapped in then look at it. */
  _watch: Watch | null = null;
  /** @internal The tasks that were begun inside the step that is in progress. */
  readonly _eager: EagerStarts = new EagerStarts();
  readonly #host: Host;
  readonly #ready = new Ring<Runnable>();
  readonly #timers = new Timers();
  /** Settles the promise of this run; null while the loop does not run. */
  #running: { resolve: () => void; reject: (reason: unknown) => void } | null = null;
  #release: (() => void) | null = null;
  #stopping = false;
  /** An iteration was begun since the loop began to run: a `stop` before that lets one iteration run. */
  #begun = false;
  /** How many handles are left of this iteration. */
  #remaining = 0;
  /** @internal How many iterations were begun. */
  _iteration = 0;
  /** Handles are being run: on the stack, below whatever is called now. */
  #draining = false;
  /** @internal The host was asked to call back: it will, whatever happens. */
  _armed = false;
  /** In real time, as is all that concerns slices: under a virtual clock the host must have its turns too. */
  #sliceEnd = 0;
  #lookIn = 1;
  #looksApart = 1;
  #lastLook = 0;
  /** How many tasks wait for promises that are not ours. */
  #foreign = 0;

  constructor(host: Host | ((loop: Scheduler) => Host)) {
    this.#host = typeof host === "function" ? host(this) : host;
  }

  /** The loop's time in seconds, from a start of its own, never going back: asyncio's `loop.time`. */
  time(): Seconds {
    return this.#host.now();
  }

  /** Lets the loop stop at the end of this iteration: asyncio's `stop`. */
  stop(): void {
    this.#stopping = true;
    if (this.#running !== null) this.#arm();
  }

  /** Whether the loop runs. */
  isRunning(): boolean {
    return this.#running !== null;
  }

  /** Runs until it is stopped (the promise resolves) or aborted (it rejects). */
  protected start(): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      this.#running = { resolve, reject };
    });
    this.#release = runInScope(undefined, () => this.#host.keepAlive());
    this.#begun = false;
    this.#remaining = 0;
    this.#arm();
    return promise;
  }

  /** The run is over. */
  protected abstract ended(): void;

  /** Drops all that was to run. */
  protected clear(): void {
    this.#ready.clear();
    this.#timers.clear();
    this.#host.disarm();
  }

  // ---- What the other modules of the runtime use. Some of it is swapped while a loop is watched.

  /** @internal Puts something at the end of the ready queue. */
  _push(item: Runnable): void {
    this.#ready.push(item);
    if (this.#isIdle()) this.#arm();
  }

  /** @internal Puts at the head of the ready queue what belongs to the step that ends. */
  _pushFirst(item: Runnable): void {
    this.#ready.unshift(item);
    this.#remaining++;
    if (this.#isIdle()) this.#arm();
  }

  /** @internal Runs at once what `push` puts at the end of the ready queue, if it does. */
  _runInPlace(push: () => void): void {
    const before = this.#ready.size;
    push();
    if (this.#ready.size > before) this._step(this.#ready.pop());
  }

  /**
   * @internal Something from outside will be pushed: an idle loop goes on right after the code that calls this, and does
   * not wait for the end of the host's turn.
   */
  _wake(): void {
    if (!this.#isIdle() || this.#host.promptly === undefined) return;
    this._armed = true;
    this.#host.promptly(this.#onTurn);
  }

  /**
   * @internal {@link _push} of something from outside, by code that has nobody else's below it on the stack, and nothing
   * else to do: an idle loop goes on in here.
   */
  _enter(item: Runnable): void {
    const isIdle = this._wakeHere();
    this._push(item);
    if (isIdle) this._goOnHere();
  }

  /**
   * @internal For who pushes in another way than {@link _enter}.
   * @returns whether the loop is idle: then the caller is to call {@link _goOnHere}, once it has pushed.
   */
  _wakeHere(): boolean {
    if (!this.#isIdle() || this.#host.promptly === undefined) return false;
    this._armed = true; // No turn need be asked for.
    return true;
  }

  /** @internal */
  _goOnHere(): void {
    this.#onTurn();
  }

  /** @internal */
  _addTimer(timer: Timer): void {
    this.#timers.push(timer);
    if (this.#isIdle()) this.#arm();
  }

  /** @internal A timer that is set is not wanted any more. */
  _timerDropped(): void {
    this.#timers.noteDropped();
  }

  /** @internal The holder parked, in a `then`: the next step may begin, but no code of the user's may run in here. */
  _passBaton(): void {
    if (this._batonIsFree()) this._drain(true);
  }

  /** @internal The holder's task is done: the loop goes on. */
  _takeBaton(): void {
    if (this._batonIsFree()) this._drain(false);
  }

  /**
   * @internal Whether the holder would only get the baton back if it gave it away: nobody else is ready, and it is not yet
   * the host's turn.
   */
  _turnIsFree(): boolean {
    if (this.#ready.size + this.#timers.size + this._eager.size > 0 || this.#stopping || this._holder === null)
      return false;
    const extra = this._holder._extra;
    if (extra !== null && (extra.mustCancel || extra.strayed)) return false;
    return --this.#lookIn > 0 || !this.#sliceIsOver();
  }

  /** @internal Something began to wait for a promise that is not ours. */
  _beginForeign(): void {
    this.#foreign++;
  }

  /** @internal The loop is closed: what was opened on it can go. `turnwise/node` puts its own here. */
  _closed(): void {}

  /** @internal Settles after a turn of the host: signals and I/O that came meanwhile have been heard. */
  _hostTurn(): Promise<void> {
    return new Promise((resolve) => {
      this.#host.soon(resolve);
    });
  }

  /** @internal A wait for a promise that is not ours is over. */
  _endForeign(): void {
    this.#foreign--;
    if (this.#isIdle()) this.#arm();
  }

  /** @internal From now on this run does not keep the process alive. */
  _letExit(): void {
    this.#release?.();
  }

  /** @internal Stops the loop at once, with an error. */
  _abort(error: unknown): void {
    const running = this.#running;
    if (running !== null) this.#halt(() => running.reject(error));
  }

  // ---- The loop.

  /** Asks for a turn of the host. While a task has the baton, or something is ready, one request is out. */
  #arm(): void {
    if (this._armed) return;
    this._armed = true;
    this.#host.soon(this.#onTurn);
  }

  /** Asks to be called when the microtasks are done; where that can't be, when the host had its turn, too. */
  #armForQuiet(): void {
    if (this.#host.whenQuiet === undefined) return this.#arm();
    this._armed = true;
    this.#host.whenQuiet(this.#onQuiet);
  }

  /** Whether the loop waits for something from outside: it neither runs handles nor has asked to be called. */
  #isIdle(): boolean {
    return !this._armed && !this.#draining && this.#running !== null;
  }

  readonly #onTurn = (): void => {
    this._armed = false;
    if (this.#running !== null) this._turn();
  };

  readonly #onQuiet = (): void => {
    this._armed = false;
    if (this.#running !== null) this._goOn();
  };

  /** @internal The host's turn is over, and every microtask has run: a slice begins. */
  _turn(): void {
    this.#look();
    this.#sliceEnd = this.#lastLook + this.timeSlice;
    this.#lookIn = 2; // After the first handle.
    this.#looksApart = 1;
    this._goOn();
  }

  /** @internal Every microtask has run: who still has the baton waits for something that is not ours. */
  _goOn(): void {
    const holder = this._holder;
    if (holder !== null) {
      holder._strayed();
      this._batonIsFree();
    }
    this._drain(false);
    if (this.#running === null || this._armed) return;
    if (this._holder !== null) this.#armForQuiet();
    else if (this.#ready.size > 0) this.#arm();
    else {
      this.#ready.trim();
      this._idle({ deadline: this.#timers.nextDeadline(), foreign: this.#foreign });
    }
  }

  /** @internal There is nothing to run. */
  _idle(state: IdleState): void {
    // The host's timer must not keep the task whose step was the last.
    if (currentScope() === undefined) this.#host.idle(state, this.#onWake);
    else this.#idleInNoScope(state);
  }

  #idleInNoScope(state: IdleState): void {
    runInScope(undefined, () => this.#host.idle(state, this.#onWake));
  }

  /** The host's timer fired: a turn begins, unless one was asked for and comes soon anyway. */
  readonly #onWake = (): void => {
    if (!this._armed) this.#onTurn();
  };

  /**
   * @internal The holder's step is over. @returns whether the loop may go on: not if it goes on anyway, further down the stack,
   * and not if a task that was begun in the step has yet to finish its own.
   */
  _batonIsFree(): boolean {
    this._holder = null;
    noteHolder(undefined);
    if (this.#draining) return false;
    return this._eager.size === 0 || !this._giveToEager();
  }

  /** @internal */
  _giveToEager(): boolean {
    const task = this._eager.nextUnfinished();
    if (task === null) return false;
    this._holder = task;
    noteHolder(task);
    return true;
  }

  readonly #drainAll = (): void => {
    if (this._holder === null && this.#running !== null && !this.#draining) this._drain(false);
  };

  /**
   * @internal Runs handles until a task has the baton, nothing is ready, or the slice is over.
   * @param stepsOnly - run no more than the steps at the head of the queue: the caller is inside a task's `then`, and
   * nothing of the user's may run there. The rest runs in a microtask of its own.
   */
  _drain(stepsOnly: boolean): void {
    this.#draining = true;
    const ready = this.#ready;
    while (this._holder === null) {
      if (this.#remaining === 0 && !this.#beginIteration()) break;
      if (--this.#lookIn <= 0 && this.#sliceIsOver()) break;
      if (stepsOnly && !(ready.peek() as Runnable)._resumes) {
        void resolved.then(this.#drainAll);
        break;
      }
      this.#remaining--;
      this._step(ready.shift());
      if (this._eager.size > 0 && this._holder === null) this._giveToEager();
    }
    this.#draining = false;
  }

  /** @internal Runs one thing; if that resumes a task, its step goes on when this returns. */
  _step(item: Runnable): void {
    item._run();
  }

  /** @returns whether there is something to run. */
  #beginIteration(): boolean {
    if (this.#running === null) return false;
    if (this.#stopping && this.#begun) return this.#halted();
    this.#begun = true;
    if (this.#timers.size > 0) this.#collectDueTimers();
    this.#remaining = this.#ready.size;
    this._iteration++;
    if (this.#remaining > 0) return true;
    if (this.#stopping) this.#halted();
    return false;
  }

  #collectDueTimers(): void {
    const now = this.#host.now();
    for (let timer = this.#timers.takeDue(now); timer !== undefined; timer = this.#timers.takeDue(now)) {
      this._due(timer);
    }
  }

  /** @internal */
  _due(timer: Timer): void {
    this.#ready.push(timer);
  }

  /** Looks at the clock. @returns how long ago the last look was. */
  #look(): Seconds {
    const before = this.#lastLook;
    this.#lastLook = this.#host.realNow?.() ?? this.#host.now();
    this._clock = Math.trunc(this.#lastLook * 1000);
    return this.#lastLook - before;
  }

  /** A look at the clock: after each handle at first, then after two, four, eight as long as they are quick. */
  #sliceIsOver(): boolean {
    const slow = this.#look() > SLOW_LOOK;
    const over = this.#lastLook >= this.#sliceEnd;
    // Once it is over, whoever tries to go on looks again.
    this.#lookIn = this.#looksApart = slow || over ? 1 : Math.min(this.#looksApart * 2, HANDLES_PER_LOOK);
    return over;
  }

  #halted(): false {
    const running = this.#running;
    if (running !== null) this.#halt(running.resolve);
    return false;
  }

  #halt(settle: () => void): void {
    this.#running = null;
    this.#stopping = false;
    this.#remaining = 0;
    this._holder = null;
    this._eager.clear();
    this.#host.disarm();
    this.#release?.();
    this.ended();
    settle();
  }
}
