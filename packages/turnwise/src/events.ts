/** `EventLoop`: runs callbacks and the steps of tasks, one at a time, in order. */
import { currentScope, noteHolder, runInScope } from "./async-context.ts";
import type { Context } from "./contextvars.ts";
import type { AwaitableLike } from "./coroutines.ts";
import { debugByEnvironment, isAsyncFunction } from "./debug.ts";
import { type ExceptionContext, type ExceptionHandler, reportException } from "./exception-handler.ts";
import { RuntimeError } from "./exceptions.ts";
import { Future, SEEN_EXCEPTION, UNSEEN_EXCEPTION, whenDone } from "./futures.ts";
import { type CallbackOptions, Handle, TimerHandle } from "./handles.ts";
import { type Host, SystemHost, systemTime } from "./host.ts";
import type { Runnable } from "./ready.ts";
import { Ring } from "./ring.ts";
import { CallbackScope, runningLoops } from "./running.ts";
import { Task, type TaskFactory, type TaskOptions } from "./tasks.ts";
import { type Timer, TimerHeap } from "./timers.ts";
import { FailureWatch } from "./unretrieved.ts";

/** A time span, or a point of a loop's time, in seconds. */
export type Seconds = number;

/** A timer that is due within this span counts as due (asyncio's clock resolution). */
const CLOCK_RESOLUTION = 1e-9;
/** So many handles run between two looks at the clock, unless they turn out slow. */
const HANDLES_PER_LOOK = 8;
/** Eight handles that took longer than this, in seconds, are slow: look at the clock after each. */
const SLOW_LOOK = 0.001;

/** A function here makes the hosts of loops that are given none: so `turnwise run --virtual` has its way. */
const HOST_HOOK: unique symbol = Symbol.for("turnwise.host") as never;
type HostHook = { [HOST_HOOK]?: () => Host };

const resolved = Promise.resolve();

/** How a loop is made. */
export interface EventLoopOptions {
  /** Turns debug mode on or off; by default on if the environment has `TURNWISE_DEBUG=1`. */
  readonly debug?: boolean | undefined;
  /** The platform; by default the system's, with real time. */
  readonly host?: Host | undefined;
}

/**
 * The event loop: `asyncio.EventLoop`. {@link run} makes one for you.
 *
 * It runs what is ready, first in, first out. One iteration runs the handles that were ready when it began; then due
 * timers join the queue. One step of one task runs at a time. At least once in every time slice the host gets a turn.
 */
export class EventLoop {
  /**
   * How long, in seconds, the loop may run before it gives the host (I/O, signals, other code's timers) a turn.
   * A single step that is longer can't be interrupted.
   */
  timeSlice: Seconds = 0.005;
  /** In debug mode, a step that takes so many seconds is reported: asyncio's `slow_callback_duration`. */
  slowCallbackDuration: Seconds = 0.1;
  /** @internal The task that has the baton: its step is in progress. */
  _holder: Task<unknown> | null = null;
  /** @internal */
  readonly _failures: FailureWatch = new FailureWatch(this);
  readonly #host: Host;
  readonly #ready = new Ring<Runnable>();
  readonly #timers = new TimerHeap();
  #debug: boolean;
  #handler: ExceptionHandler | null = null;
  #taskFactory: TaskFactory | null = null;
  #closed = false;
  /** Settles the promise of `runForever`; null while the loop does not run. */
  #running: { resolve: () => void; reject: (reason: unknown) => void } | null = null;
  #release: (() => void) | null = null;
  #stopping = false;
  /** An iteration was begun since the loop began to run: a `stop` before that lets one iteration run. */
  #begun = false;
  /** How many handles are left of this iteration. */
  #remaining = 0;
  /** Handles are being run: on the stack, below whatever is called now. */
  #draining = false;
  /** A turn of the host was asked for. */
  #armed = false;
  #sliceEnd = 0;
  #lookIn = HANDLES_PER_LOOK;
  #lastLook = 0;
  #foreign = 0;
  #eager: EagerStart[] | null = null;
  #firstTask: Task<unknown> | null = null;
  #lastTask: Task<unknown> | null = null;

  constructor(options: EventLoopOptions = {}) {
    this.#host = options.host ?? (globalThis as HostHook)[HOST_HOOK]?.() ?? new SystemHost();
    this.#debug = options.debug ?? debugByEnvironment();
  }

  /** The loop's time in seconds, from a start of its own, never going back: asyncio's `loop.time`. */
  time(): Seconds {
    return this.#host.now();
  }

  /** Calls `callback(...args)` in the loop's next iteration, after what is ready now: asyncio's `call_soon`. */
  callSoon<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    return this.callSoonIn({}, callback, ...args);
  }

  /** {@link callSoon} in a context of its own (asyncio's `context=`). */
  callSoonIn<A extends unknown[]>(
    options: CallbackOptions,
    callback: (...args: A) => unknown,
    ...args: A
  ): Handle {
    this.#checkOpen();
    if (this.#debug) this.#checkCallback(callback, "call_soon");
    const handle = new Handle(this, callback, args, options.context as Context | undefined);
    this._push(handle);
    return handle;
  }

  /** Calls `callback(...args)` after `delay` seconds: asyncio's `call_later`. Equal deadlines run in order. */
  callLater<A extends unknown[]>(
    delay: Seconds,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkTime("delay", delay);
    return this.callAt(this.time() + delay, callback, ...args);
  }

  /** Calls `callback(...args)` when the loop's {@link time} is `when`, in seconds: asyncio's `call_at`. */
  callAt<A extends unknown[]>(
    when: Seconds,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    return this.callAtIn({}, when, callback, ...args);
  }

  /** {@link callAt} in a context of its own (asyncio's `context=`). */
  callAtIn<A extends unknown[]>(
    options: CallbackOptions,
    when: Seconds,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkTime("when", when);
    this.#checkOpen();
    if (this.#debug) this.#checkCallback(callback, "call_at");
    const timer = new TimerHandle(this, when, callback, args, options.context as Context | undefined);
    timer._scheduled = true;
    this._addTimer(timer);
    return timer;
  }

  /** A future of this loop: asyncio's `create_future`. */
  createFuture<T = void>(): Future<T> {
    return new Future<T>(this);
  }

  /**
   * Starts `coro` in a task of its own, in the next iteration: asyncio's `create_task`. Pass the function, not its
   * promise: a promise has begun, and can only be adopted.
   */
  createTask<T>(coro: AwaitableLike<T>, options: TaskOptions = {}): Task<T> {
    this.#checkOpen();
    return this.#taskFactory === null ? new Task<T>(coro, options, this) : this.#taskFactory(this, coro, options);
  }

  /** What makes the tasks of this loop; `null` for the default: asyncio's `get_task_factory`. */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory;
  }

  /** Sets what makes the tasks of this loop, `null` for the default: asyncio's `set_task_factory`. */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== "function") throw new TypeError("task factory must be a callable or null");
    this.#taskFactory = factory;
  }

  /**
   * Runs until `main` is done: asyncio's `run_until_complete`.
   * @returns a promise of its result. It rejects with its exception, and with a RuntimeError if the loop was stopped
   * before.
   */
  async runUntilComplete<T>(main: AwaitableLike<T>): Promise<T> {
    this.#checkOpen();
    this.#checkNotRunning();
    const isNew = !(main instanceof Future);
    const future: Future<T> = isNew ? this.createTask(main) : main;
    const stop = (): void => this.stop();
    whenDone(future, stop);
    try {
      await this.runForever();
    } catch (thrown) {
      if (isNew && future._state === UNSEEN_EXCEPTION) future._state = SEEN_EXCEPTION;
      throw thrown;
    } finally {
      future._removeCallback(stop);
    }
    if (!future.done()) throw new RuntimeError("Event loop stopped before Future completed.");
    return future.result();
  }

  /** Runs until {@link stop}: asyncio's `run_forever`. @returns a promise that settles once it stopped. */
  runForever(): Promise<void> {
    this.#checkOpen();
    this.#checkNotRunning();
    const promise = new Promise<void>((resolve, reject) => {
      this.#running = { resolve, reject };
    });
    this.#release = runInScope(undefined, () => this.#host.keepAlive());
    runningLoops.push(this);
    this.#begun = false;
    this.#remaining = 0;
    this.#arm();
    return promise;
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

  /** Whether the loop is closed. */
  isClosed(): boolean {
    return this.#closed;
  }

  /** Closes the loop, and drops what it still had to run: asyncio's `close`. @throws RuntimeError while it runs. */
  close(): void {
    if (this.#running !== null) throw new RuntimeError("Cannot close a running event loop");
    if (this.#closed) return;
    this.#closed = true;
    this.#ready.clear();
    this.#timers.clear();
    this.#host.disarm();
    this._failures.reportAll();
    for (let task = this.#firstTask; task !== null; task = task._next) {
      this.callExceptionHandler({ message: "Task was destroyed but it is pending!", task });
    }
    this.#firstTask = this.#lastTask = null;
  }

  /** The tasks of this loop that are not done, in the order in which they were made: asyncio's `all_tasks`. */
  allTasks(): Set<Task<unknown>> {
    const tasks = new Set<Task<unknown>>();
    for (let task = this.#firstTask; task !== null; task = task._next) tasks.add(task);
    return tasks;
  }

  /** Whether debug mode is on. */
  getDebug(): boolean {
    return this.#debug;
  }

  /** Turns debug mode on or off. */
  setDebug(enabled: boolean): void {
    this.#debug = enabled;
  }

  /** The exception handler that was set, or `null` for the default one. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#handler;
  }

  /** Sets who hears of errors that nobody awaits; `null` for the default, which logs them to stderr. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== "function") {
      throw new TypeError(`A callable object or null is expected, got ${String(handler)}`);
    }
    this.#handler = handler;
  }

  /** What happens to errors where no handler is set: they are logged to stderr. */
  defaultExceptionHandler(context: ExceptionContext): void {
    reportException(this, null, context);
  }

  /** Hands an error that nobody awaits to the exception handler. */
  callExceptionHandler(context: ExceptionContext): void {
    reportException(this, this.#handler, context);
  }

  // ---- What the other modules of the runtime use.

  /** @internal {@link callExceptionHandler} from a callback of Turnwise's own: it belongs to no task. */
  _report(context: ExceptionContext): void {
    runInScope(new CallbackScope(this, null, null), () => this.callExceptionHandler(context));
  }

  /** @internal Puts something at the end of the ready queue. */
  _push(item: Runnable): void {
    this.#ready.push(item);
    if (!this.#armed && this.#running !== null) this.#arm();
  }

  /** @internal */
  _addTimer(timer: Timer): void {
    this.#timers.push(timer);
    if (!this.#armed && this.#running !== null) this.#arm();
  }

  /** @internal A timer that is set is not wanted any more. */
  _timerDropped(): void {
    this.#timers.noteDropped();
  }

  /** @internal The holder parked, in a `then`: the next step may begin, but no code of the user's may run in here. */
  _passBaton(): void {
    this._holder = null;
    noteHolder(undefined);
    if (this.#watched !== null && !this.#draining) this.#endWatch();
    if (this.#draining || (this.#eager !== null && this.#finishEagerStep())) return;
    this.#drain(true);
  }

  /** @internal The holder's task is done: the loop goes on. */
  _takeBaton(): void {
    this._holder = null;
    noteHolder(undefined);
    if (this.#watched !== null && !this.#draining) this.#endWatch();
    if (this.#draining || (this.#eager !== null && this.#finishEagerStep())) return;
    this.#drain(false);
  }

  /** @internal A task was begun inside another's step. Should it yield first of all, this is its place in the queue. */
  _beganEagerly(task: Task<unknown>): void {
    const start = new EagerStart(task);
    this.#ready.push(start);
    (this.#eager ??= []).push(start);
  }

  /** @internal A task that waits for its next turn: takes the place that it had when it was begun eagerly. */
  _takeEagerPlace(task: Task<unknown>): boolean {
    return this.#eager?.find((start) => start.task === task)?.take() ?? false;
  }

  /** The step that created eager tasks is over: those that are still in their first step get the baton. */
  #finishEagerStep(): boolean {
    const { task } = this.#eager?.shift() as EagerStart;
    if (this.#eager?.length === 0) this.#eager = null;
    if (!task.done() && !task._isParked()) {
      this._holder = task;
      noteHolder(task);
      return true;
    }
    return this.#eager !== null && this.#finishEagerStep();
  }

  /** @internal Something began to wait for a promise that is not ours. */
  _beginForeign(): void {
    this.#foreign++;
  }

  /** @internal A wait for a promise that is not ours is over. */
  _endForeign(): void {
    this.#foreign--;
    if (!this.#armed && this.#running !== null) this.#arm();
  }

  /** @internal Stops the loop with an error: `runForever` rejects with it. */
  _abort(error: unknown): void {
    const running = this.#running;
    if (running !== null) this.#halt(() => running.reject(error));
  }

  /** @internal */
  _removeTask(task: Task<unknown>): void {
    const { _previous: previous, _next: next } = task;
    if (previous !== null) previous._next = next;
    else if (this.#firstTask === task) this.#firstTask = next;
    if (next !== null) next._previous = previous;
    else if (this.#lastTask === task) this.#lastTask = previous;
    task._previous = task._next = null;
  }

  /** @internal */
  _addTask(task: Task<unknown>): void {
    task._previous = this.#lastTask;
    if (this.#lastTask !== null) this.#lastTask._next = task;
    else this.#firstTask = task;
    this.#lastTask = task;
  }

  // ---- The loop itself.

  /** Asks the host for a turn. While the loop runs handles, exactly one such request is out. */
  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    this.#host.soon(this.#onTurn);
  }

  /** The host's turn is over, and every microtask has run. */
  readonly #onTurn = (): void => {
    this.#armed = false;
    if (this.#running === null) return;
    const holder = this._holder;
    if (holder !== null) {
      holder._strayed();
      if (this.#watched !== null) this.#endWatch();
      this._holder = null;
      noteHolder(undefined);
    }
    this.#lastLook = this.#host.now();
    this.#sliceEnd = this.#lastLook + this.timeSlice;
    this.#lookIn = HANDLES_PER_LOOK;
    this.#drain(false);
    this.#afterTurn();
  };

  #afterTurn(): void {
    if (this.#running === null) return;
    if (this.#ready.size > 0 || this._holder !== null) this.#arm();
    else if (!this.#armed) {
      this.#ready.trim();
      const state = { deadline: this.#timers.nextDeadline(), foreign: this.#foreign };
      runInScope(undefined, () => this.#host.idle(state, this.#onWake));
    }
  }

  /** The host's timer fired: a turn begins, unless one was asked for and comes soon anyway. */
  readonly #onWake = (): void => {
    if (!this.#armed) this.#onTurn();
  };

  readonly #drainAll = (): void => {
    if (this._holder === null && this.#running !== null && !this.#draining) this.#drain(false);
  };

  /**
   * Runs handles until a task has the baton, nothing is ready, or the slice is over.
   * @param stepsOnly - run no more than the steps at the head of the queue: the caller is inside a task's `then`.
   */
  #drain(stepsOnly: boolean): void {
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
      if (this.#debug) this.#runWatched(ready.shift());
      else ready.shift()._run();
      if (this.#eager !== null && this._holder === null) this.#finishEagerStep();
    }
    this.#draining = false;
  }

  /** @returns whether there is something to run. */
  #beginIteration(): boolean {
    if (this.#running === null) return false;
    if (this.#stopping && this.#begun) return this.#halted();
    this.#begun = true;
    if (this.#timers.size > 0) this.#collectDueTimers();
    this.#remaining = this.#ready.size;
    if (this.#remaining > 0) return true;
    if (this.#stopping) this.#halted();
    return false;
  }

  #collectDueTimers(): void {
    const end = this.#host.now() + CLOCK_RESOLUTION;
    for (let timer = this.#timers.takeDue(end); timer !== undefined; timer = this.#timers.takeDue(end)) {
      this.#ready.push(timer);
    }
  }

  /** A look at the clock: after every eight handles, or after each once they are slow. */
  #sliceIsOver(): boolean {
    const now = this.#host.now();
    this.#lookIn = now - this.#lastLook > SLOW_LOOK ? 1 : HANDLES_PER_LOOK;
    this.#lastLook = now;
    return now >= this.#sliceEnd;
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
    this.#host.disarm();
    this.#release?.();
    runningLoops.splice(runningLoops.lastIndexOf(this), 1);
    settle();
  }

  // ---- Debug mode.

  /** What runs, and since when: a step ends where its task gives the baton back, which may be much later. */
  #watched: { readonly item: Runnable; readonly since: Seconds } | null = null;

  #runWatched(item: Runnable): void {
    this.#watched = { item, since: systemTime() };
    item._run();
    if (this._holder === null) this.#endWatch();
  }

  #endWatch(): void {
    const watched = this.#watched;
    this.#watched = null;
    if (watched === null || !this.#debug) return;
    const took = systemTime() - watched.since;
    if (took >= this.slowCallbackDuration) {
      console.warn(`Executing ${String(watched.item)} took ${took.toFixed(3)} seconds`);
    }
  }

  #checkCallback(callback: unknown, method: string): void {
    const other = currentScope()?._loop ?? this;
    if (other !== this && other.isRunning()) {
      throw new RuntimeError(
        "Non-thread-safe operation invoked on an event loop other than the current one",
      );
    }
    if (isAsyncFunction(callback)) {
      throw new TypeError(`coroutines cannot be used with ${method}(): start a task in the callback`);
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new RuntimeError("Event loop is closed");
  }

  #checkNotRunning(): void {
    if (this.#running !== null) throw new RuntimeError("This event loop is already running");
    if (currentScope()?._loop?.isRunning() === true) {
      throw new RuntimeError("Cannot run the event loop while another loop is running");
    }
  }
}

/** The place in the queue of a task that was begun eagerly: kept in case that it first of all yields. */
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

/** A new loop, as `asyncio.new_event_loop` makes one. It does not run yet. */
export function newEventLoop(options?: EventLoopOptions): EventLoop {
  return new EventLoop(options);
}

function checkTime(what: string, seconds: unknown): void {
  if (typeof seconds !== "number") throw new TypeError(`${what} must be a number of seconds, got ${String(seconds)}`);
  if (Number.isNaN(seconds)) throw new RangeError(`Invalid ${what}: NaN (not a number)`);
}
