/** `EventLoop`: runs callbacks and the steps of tasks, one at a time, in order. */
import { currentScope, runInScope } from "#async-context";
import type { Context } from "./contextvars.ts";
import type { AwaitableLike } from "./coroutines.ts";
import { debugByEnvironment, isAsyncFunction } from "./debug.ts";
import { describe } from "./describe.ts";
import { type ExceptionContext, type ExceptionHandler, reportException } from "./exception-handler.ts";
import { RuntimeError } from "./exceptions.ts";
import { Future, whenDone } from "./futures.ts";
import { type CallbackOptions, Handle, TimerHandle } from "./handles.ts";
import { type Host, SystemHost } from "./host.ts";
import { announce } from "./registry.ts";
import { CallbackScope, runningLoops } from "./running.ts";
import { Scheduler, type Seconds } from "./scheduler.ts";
import { keepShape, keepShapes } from "./shapes.ts";
import { ignoreSlowSteps, watchSlowSteps } from "./slow-steps.ts";
import { TaskList } from "./task-list.ts";
import type { TaskFactory } from "./task-factories.ts";
import { NO_OPTIONS, Task, type TaskOptions } from "./tasks.ts";
import { checkTime } from "./times.ts";
import { FailureWatch } from "./unretrieved.ts";

/** By this `turnwise run` has its way with programs that know nothing of it. */
interface Hooks {
  /** Makes the hosts of loops that are given none. */
  readonly host?: (loop: unknown) => Host;
  /** Is told of every loop. */
  readonly loop?: (loop: EventLoop) => void;
}
const HOOKS: unique symbol = Symbol.for("turnwise.hooks") as never;

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
export class EventLoop extends Scheduler {
  /** @internal */
  readonly _failures: FailureWatch = new FailureWatch(this);
  /** @internal */
  readonly _tasks: TaskList = new TaskList();
  #debug = false;
  #handler: ExceptionHandler | null = null;
  #taskFactory: TaskFactory | null = null;
  #closed = false;

  constructor(options: EventLoopOptions = {}) {
    const hooks = (globalThis as { [HOOKS]?: Hooks })[HOOKS];
    super(options.host ?? hooks?.host ?? new SystemHost());
    this.setDebug(options.debug ?? debugByEnvironment());
    announce();
    hooks?.loop?.(this);
  }

  /** Calls `callback(...args)` in the loop's next iteration, after what is ready now: asyncio's `call_soon`. */
  callSoon<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    return this.callSoonIn(NO_OPTIONS, callback, ...args);
  }

  /** {@link callSoon} in a context of its own (asyncio's `context=`). */
  callSoonIn<A extends unknown[]>(options: CallbackOptions, callback: (...args: A) => unknown, ...args: A): Handle {
    this.#checkOpen();
    if (this.#debug) this.#checkCallback(callback, "call_soon");
    const handle = new Handle(this, callback, args, options.context as Context | undefined);
    this._push(handle);
    return handle;
  }

  /** Calls `callback(...args)` after `delay` seconds: asyncio's `call_later`. Equal deadlines run in order. */
  callLater<A extends unknown[]>(delay: Seconds, callback: (...args: A) => unknown, ...args: A): TimerHandle {
    checkTime("delay", delay);
    return this.callAt(this.time() + delay, callback, ...args);
  }

  /** Calls `callback(...args)` when the loop's {@link time} is `when`, in seconds: asyncio's `call_at`. */
  callAt<A extends unknown[]>(when: Seconds, callback: (...args: A) => unknown, ...args: A): TimerHandle {
    return this.callAtIn(NO_OPTIONS, when, callback, ...args);
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
  createTask<T>(coro: AwaitableLike<T>, options: TaskOptions = NO_OPTIONS): Task<T> {
    this.#checkOpen();
    return this.#taskFactory === null ? new Task<T>(coro, options, this) : this.#taskFactory(this, coro, options);
  }

  /** What makes the tasks of this loop; `null` for the default: asyncio's `get_task_factory`. */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory;
  }

  /** Sets what makes the tasks of this loop, `null` for the default: asyncio's `set_task_factory`. */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== "function")
      throw new TypeError("task factory must be a callable or null");
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
    let runs = true;
    // An interrupt may end the run between the future's end and this call: the next run is not to be stopped.
    const stop = (): void => {
      if (runs) this.stop();
    };
    whenDone(future, stop);
    try {
      await this.runForever();
    } catch (thrown) {
      if (isNew) future._markSeen();
      throw thrown;
    } finally {
      runs = false;
      future._removeCallback(stop);
    }
    if (!future.done()) throw new RuntimeError("Event loop stopped before Future completed.");
    return future.result();
  }

  /** Runs until {@link stop}: asyncio's `run_forever`. @returns a promise that settles once it stopped. */
  runForever(): Promise<void> {
    this.#checkOpen();
    this.#checkNotRunning();
    runningLoops.push(this);
    keepShapes(() => new EventLoop({ host: new SystemHost(), debug: false }));
    return this.start();
  }

  /** Whether the loop is closed. */
  isClosed(): boolean {
    return this.#closed;
  }

  /** Closes the loop, and drops what it still had to run: asyncio's `close`. @throws RuntimeError while it runs. */
  close(): void {
    if (this.isRunning()) throw new RuntimeError("Cannot close a running event loop");
    if (this.#closed) return;
    this.#closed = true;
    this.clear();
    this._failures.reportAll();
    for (const task of this._tasks) {
      this.callExceptionHandler({ message: "Task was destroyed but it is pending!", task });
    }
    this._tasks.clear();
    ignoreSlowSteps(this);
    this._closed();
  }

  /** @internal Runs last, before a runner closes this. `turnwise/node` puts its own here: it ends the threads. */
  async _shutdown(): Promise<void> {}

  /** The tasks of this loop that are not done, in the order in which they were made: asyncio's `all_tasks`. */
  allTasks(): Set<Task<unknown>> {
    return new Set(this._tasks);
  }

  /** Whether debug mode is on. */
  getDebug(): boolean {
    return this.#debug;
  }

  /** Turns debug mode on or off. */
  setDebug(enabled: boolean): void {
    this.#debug = enabled;
    ignoreSlowSteps(this);
    if (enabled) watchSlowSteps(this);
  }

  /** The exception handler that was set, or `null` for the default one. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#handler;
  }

  /** Sets who hears of errors that nobody awaits; `null` for the default, which logs them to stderr. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== "function") {
      throw new TypeError(`A callable object or null is expected, got ${describe(handler)}`);
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

  /** @internal {@link callExceptionHandler} from a callback of Turnwise's own: it belongs to no task. */
  _report(context: ExceptionContext): void {
    runInScope(new CallbackScope(this, null, null), () => this.callExceptionHandler(context));
  }

  protected override ended(): void {
    runningLoops.splice(runningLoops.lastIndexOf(this), 1);
  }

  /** In debug mode. */
  #checkCallback(callback: unknown, method: string): void {
    const other = currentScope()?._loop ?? this;
    if (other !== this && other.isRunning()) {
      throw new RuntimeError("Non-thread-safe operation invoked on an event loop other than the current one");
    }
    if (isAsyncFunction(callback)) {
      throw new TypeError(`coroutines cannot be used with ${method}(): start a task in the callback`);
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new RuntimeError("Event loop is closed");
  }

  #checkNotRunning(): void {
    if (this.isRunning()) throw new RuntimeError("This event loop is already running");
    if (currentScope()?._loop?.isRunning() === true) {
      throw new RuntimeError("Cannot run the event loop while another loop is running");
    }
  }
}

/** A new loop, as `asyncio.new_event_loop` makes one. It does not run yet. */
export function newEventLoop(options?: EventLoopOptions): EventLoop {
  return new EventLoop(options);
}

keepShape((loop) => {
  const task = new Task(async () => {}, { name: "" }, loop); // To have a name takes a `TaskExtra`.
  task._resolve = null; // What was captured knows the code that runs now.
  return [task, loop.createFuture()];
});
