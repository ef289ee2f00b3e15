/** `LoopBridge`: Turnwise's event loop as a loop of Python's asyncio sees it. */
import { EventLoop, type Future, KeyboardInterrupt, type TimerHandle } from "turnwise";
import { abortLoop, guestSleep, type GuestStep, idOf, isWatched, iterationOf, notePassed } from "turnwise/guest";
import { BlockingHost } from "./blocking-host.ts";
import { takeInterrupt } from "./interrupts.ts";
import { PythonTask } from "./python-task.ts";

/** What a loop of Python's gives the bridge to call. What returns `true` wants the loop to end at once. */
export interface PythonSide {
  /** Runs the next callback of those that are ready. */
  readonly runNext: () => boolean;
  /** Runs the next step of those that are ready, which is a task's. @returns a {@link StepCode}. */
  readonly runTask: (task: number) => number;
  /** Runs the callback of a timer. */
  readonly runTimer: (id: number) => boolean;
  /** Ctrl-C was pressed. */
  readonly interrupt: () => boolean;
  /** The loop begins to run: whatever Python keeps for each thread must name it where the callbacks run. */
  readonly enter: () => void;
  /** The loop has run: Python may go on. */
  readonly leave: () => void;
  /** Somebody watches the loop, or nobody any more: callbacks are to be named, or need not be. */
  readonly watch: (watched: boolean) => void;
  /** What a task waits for: a task's number, minus that of a sleep's timer, or 0 for anything else. */
  readonly waitOf: (task: number) => number;
  /** What a task waits for, in words; the tasks that must be done first; where it waits. */
  readonly describeWait: (task: number) => string;
  readonly cancel: (task: number, message: string | undefined) => boolean;
  readonly rename: (task: number, name: string) => void;
  /** The result of a task that is done, what it failed by, or the message it was cancelled with. */
  readonly take: (task: number) => unknown;
  /** The class and the message of what a task failed by, as JSON. */
  readonly describeError: (task: number) => string;
}

/** How a task's step ended; plus 8 if the loop is to end at once, plus 16 if the task is ready for its next step. */
export const StepCode = { waits: 0, result: 1, error: 2, cancelled: 3 } as const;
const ENDS = 8;
const TURNS = 16;
const WAITS: GuestStep<never> = { then: "wait" };

/** How the loop of a program is run. */
export interface BridgeOptions {
  /** Whether WebAssembly can be suspended while the loop runs, so that Node stays alive. */
  readonly suspends: boolean;
  /** The loop that runs already, which Python's is to be part of; else it gets one of its own. */
  readonly shared: EventLoop | null;
  /** Called when the loop is closed. */
  readonly closed: () => void;
  /** Whether Python runs now, so that it can't be asked anything. */
  readonly runs: () => boolean;
}

/**
 * One for each loop that a Python program makes. Python keeps its handles, in the order in which they were made; for
 * each of them something is in the queue of the `EventLoop`, whose turn it is to say when the next one runs.
 *
 * An `EventLoop` that is shared goes on while Python's loop does not run. What comes up then is held back.
 */
export class LoopBridge {
  readonly python: PythonSide;
  readonly #blocking: BlockingHost | null;
  readonly #shared: boolean;
  readonly #closed: () => void;
  readonly #pythonRuns: () => boolean;
  /** A callback of Python's is being called. */
  #inside = false;
  /** The loop that does the work. */
  readonly loop: EventLoop;
  readonly #tasks = new Map<number, PythonTask>();
  readonly #timers = new Map<number, TimerHandle>();
  readonly #sleeps = new Map<number, Future<unknown>>();
  #lastTimer = 0;
  #runs = false;
  /** It was not started by Python, and no program's interrupt or exit ends it. */
  #isAttached = false;
  #isClosed = false;
  #watched = false;
  /** The iteration at whose end a shared loop is to stop. */
  #lastIteration = Infinity;
  /** Puts what came up while Python's loop did not run into the queue again. */
  #held: (() => void)[] = [];

  constructor(python: PythonSide, options: BridgeOptions) {
    this.python = python;
    this.#closed = options.closed;
    this.#pythonRuns = options.runs;
    this.#shared = options.shared !== null;
    this.#blocking = options.suspends || this.#shared ? null : new BlockingHost();
    // Python's own debug mode looks after what is Python's.
    this.loop = options.shared ?? new EventLoop({ debug: false, host: this.#blocking ?? undefined });
  }

  // ---- What Python's loop asks for.

  /** The loop's time in seconds. */
  readonly time = (): number => this.loop.time();

  /** One more callback is ready to run. @param name - for those who watch. */
  readonly callSoon = (name?: string): void => {
    this.loop.callSoon(name === undefined ? this.#runNext : named(() => this.#runNext(), name));
  };

  /** A task that is known is ready for a step. */
  readonly schedule = (number: number): void => {
    this.#tasks.get(number)?.schedule();
  };

  /** A task that is not known yet is ready for its first step. @returns by what tools know it. */
  readonly addTask = (number: number, name: string, coro: string): number => {
    const task = new PythonTask(this, number, name, coro);
    this.#tasks.set(number, task);
    return idOf(task);
  };

  /** The code that runs would have had to wait for a task, but that was done. @param id - by what tools know it. */
  readonly notePassed = (id: number): void => notePassed(this.loop, id);

  /** A task has another name. */
  readonly nameTask = (number: number, name: string): void => {
    this.#tasks.get(number)?.named(name);
  };

  /** A task is gone, and will never be done. */
  readonly dropTask = (number: number): void => {
    this.#tasks.get(number)?.dropped();
    this.#tasks.delete(number);
  };

  /** Sets a timer, and gives the number under which it is known. */
  readonly callAt = (when: number, name?: string): number => {
    const id = ++this.#lastTimer;
    const run = name === undefined ? this.#runTimer : named(this.#runTimer, name);
    this.#timers.set(id, this.loop.callAt(when, run, id));
    return id;
  };

  /** Sets the timer of a sleep: all that it does is to wake who sleeps. */
  readonly sleepUntil = (when: number): number => {
    const id = ++this.#lastTimer;
    this.#sleeps.set(
      id,
      guestSleep(this.loop, when, () => this.#wake(id)),
    );
    return id;
  };

  /** Drops a timer. */
  readonly cancel = (id: number): void => {
    (this.#timers.get(id) ?? this.#sleeps.get(id))?.cancel();
    this.#timers.delete(id);
    this.#sleeps.delete(id);
  };

  /** Lets the loop end after this iteration. */
  readonly stop = (): void => {
    if (!this.#shared) return this.loop.stop();
    this.#lastIteration = Math.min(this.#lastIteration, iterationOf(this.loop));
    if (this.#runs) this.loop.callSoon(this.#checkEnd);
  };

  /** Runs until it is stopped, while Python is suspended: Python is told by `leave`. */
  runSuspended(): void {
    void (this.#shared ? this.#join() : this.#run());
  }

  async #run(): Promise<void> {
    // A program around this one that listens itself decides what Ctrl-C means.
    const listens = process.listenerCount("SIGINT") === 0;
    if (listens) process.on("SIGINT", this.interrupt);
    await Promise.resolve(); // By then Python is suspended.
    this.#begin();
    try {
      await this.loop.runForever().catch(ignoreInterrupt);
    } finally {
      if (listens) process.off("SIGINT", this.interrupt);
      this.#end();
    }
  }

  /** Takes part in a loop that runs, once Python is suspended. */
  async #join(): Promise<void> {
    await Promise.resolve();
    // What stands in the queue already is held back before that, so that all is in order.
    this.loop.callSoon(this.#beginJoined);
  }

  readonly #beginJoined = (): void => {
    // Asked to stop before it began, it runs one iteration.
    const stops = this.#lastIteration !== Infinity;
    if (stops) this.#lastIteration = iterationOf(this.loop) + 1;
    this.#begin();
    for (const again of this.#held.splice(0)) again();
    if (stops) this.loop.callSoon(this.#checkEnd);
  };

  /** From now on, for as long as the loop runs that it is part of, whatever is ready runs. */
  attach(): void {
    this.#runs = this.#isAttached = true;
  }

  #begin(): void {
    this.#runs = true;
    this.python.enter();
  }

  #end(): void {
    this.#runs = false;
    this.#lastIteration = Infinity;
    this.python.leave();
  }

  /**
   * Runs until it is stopped, inside a call of Python's.
   * @returns false if it waits for what can't come: no timer is set, and the thread is blocked.
   */
  runBlocking(): boolean {
    const host = this.#blocking as BlockingHost;
    this.#runs = true;
    void this.loop.runForever().catch(ignoreInterrupt);
    while (this.loop.isRunning()) {
      const served = host.serve();
      if (takeInterrupt()) this.interrupt();
      else if (!served) return this.#giveUp(host);
    }
    this.#runs = false;
    return true;
  }

  /** Nothing can come any more. */
  #giveUp(host: BlockingHost): false {
    this.loop.stop();
    while (this.loop.isRunning()) host.serve();
    this.#runs = false;
    return false;
  }

  /** Ctrl-C: if the loop runs, Python's signal handler is called as a callback of the loop. */
  readonly interrupt = (): void => {
    if (this.#runs && !this.#isAttached && this.loop.isRunning()) this.loop.callSoon(this.#interrupt);
  };

  /** Drops whatever was to run. */
  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#runs = false;
    this.#held = [];
    for (const timer of [...this.#timers.values(), ...this.#sleeps.values()]) timer.cancel();
    this.#timers.clear();
    this.#sleeps.clear();
    for (const task of this.#tasks.values()) task.dropped();
    this.#tasks.clear();
    if (!this.#shared) this.loop.close();
    this.#closed();
  };

  // ---- What the loop calls.

  /** @returns whether Python's loop runs, and goes on. */
  readonly #mayRun = (): boolean => {
    if (this.#runs && iterationOf(this.loop) > this.#lastIteration) this.#end();
    return this.#runs;
  };

  /** Sees to it that a loop which is to stop does so, whatever else there is to run. */
  readonly #checkEnd = (): void => {
    if (this.#mayRun() && this.#lastIteration !== Infinity) this.loop.callSoon(this.#checkEnd);
  };

  readonly #runNext = (): void => {
    if (!this.#mayRun()) this.#hold(() => this.loop.callSoon(this.#runNext));
    else if (this.#call(this.python.runNext)) this.#abort();
  };

  readonly #runTimer = (id: number): void => {
    if (!this.#mayRun()) this.#hold(() => this.loop.callSoon(this.#runTimer, id));
    else {
      this.#timers.delete(id);
      this.#sleeps.delete(id); // One that was held back.
      if (this.#call(this.python.runTimer, id)) this.#abort();
    }
  };

  #wake(id: number): void {
    if (!this.#mayRun()) this.#hold(() => this.loop.callSoon(this.#runTimer, id));
    else {
      this.#sleeps.delete(id);
      if (this.#call(this.python.runTimer, id)) this.#abort();
    }
  }

  readonly #interrupt = (): void => {
    if (this.#call(this.python.interrupt)) this.#abort();
  };

  #hold(again: () => void): void {
    if (!this.#isClosed) this.#held.push(again);
  }

  /** Ends Python's loop in the midst of its work. What the program is to see of it, Python has kept. */
  #abort(): void {
    if (this.#isAttached) return;
    if (this.#shared) this.#end();
    else abortLoop(this.loop, new KeyboardInterrupt());
  }

  #call<A extends unknown[], R>(run: (...args: A) => R, ...args: A): R {
    if (isWatched(this.loop) !== this.#watched) {
      this.#watched = !this.#watched;
      this.python.watch(this.#watched);
    }
    this.#inside = true;
    try {
      return run(...args);
    } finally {
      this.#inside = false;
    }
  }

  /** Whether Python runs now, so that it can't be asked anything. */
  isBusy(): boolean {
    return this.#inside || this.#pythonRuns();
  }

  // ---- What its tasks ask for.

  /** Whether a task may run its step now. If not, it is scheduled later. */
  mayStep(task: PythonTask): boolean {
    if (this.#mayRun()) return true;
    this.#hold(() => task.schedule());
    return false;
  }

  /** Runs a task's step. */
  step(task: PythonTask, number: number): GuestStep<unknown> {
    const code = this.#call(this.python.runTask, number);
    const outcome = code % ENDS;
    if (code % TURNS >= ENDS) this.#abort();
    if (code >= TURNS) task.schedule();
    if (outcome === StepCode.waits) return WAITS;
    this.#tasks.delete(number);
    return task.outcome(outcome);
  }

  /** Gives a task to TypeScript code. It has not run yet. */
  handOver(number: number): PythonTask {
    const task = this.#tasks.get(number) as PythonTask;
    task.want();
    return task;
  }

  /** A task that is not done. */
  task(number: number): PythonTask | undefined {
    return this.#tasks.get(number);
  }

  /** A sleep that is not over. */
  sleep(timer: number): Future<unknown> | undefined {
    return this.#sleeps.get(timer);
  }
}

/** A callback ends the loop at once by this error. */
function ignoreInterrupt(reason: unknown): void {
  if (!(reason instanceof KeyboardInterrupt)) throw reason;
}

function named<F extends (...args: never[]) => unknown>(fn: F, name: string): F {
  const own = ((...args: Parameters<F>) => fn(...args)) as F;
  return Object.defineProperty(own, "name", { value: name });
}
