/** `LoopBridge`: Turnwise's event loop as the loop of Python's asyncio sees it. */
import { EventLoop, KeyboardInterrupt, type TimerHandle } from "turnwise";
import { BlockingHost } from "./blocking-host.ts";
import { takeInterrupt } from "./interrupts.ts";

/** What a loop of Python's gives the bridge to call. The first three answer `true` if the loop must end at once. */
export interface PythonSide {
  /** Runs the next of the callbacks that `call_soon` took. */
  readonly runNext: () => boolean;
  /** Runs the callback of a timer. */
  readonly runTimer: (id: number) => boolean;
  /** Ctrl-C was pressed. */
  readonly interrupt: () => boolean;
  /** The loop begins to run: whatever Python keeps for each thread must name it where the callbacks run. */
  readonly enter: () => void;
  /** The loop has run: Python may go on. */
  readonly leave: () => void;
}

/**
 * One for each loop that a Python program makes. Python keeps its handles, in the order in which they were made;
 * for each of them a handle of the same kind is in the `EventLoop`, whose turn it is to say when the next one runs.
 */
export class LoopBridge {
  readonly #python: PythonSide;
  readonly #blocking: BlockingHost | null;
  readonly #loop: EventLoop;
  readonly #timers = new Map<number, TimerHandle>();
  readonly #closed: () => void;
  #lastTimer = 0;

  /**
   * @param options - `suspends`: whether WebAssembly can be suspended while the loop runs, so that Node stays alive.
   * `closed` is called when the loop is closed.
   */
  constructor(python: PythonSide, options: { readonly suspends: boolean; readonly closed: () => void }) {
    this.#python = python;
    this.#closed = options.closed;
    this.#blocking = options.suspends ? null : new BlockingHost();
    // Python's own debug mode looks after what is Python's.
    this.#loop = new EventLoop({ debug: false, host: this.#blocking ?? undefined });
  }

  /** The loop's time in seconds. */
  readonly time = (): number => this.#loop.time();

  /** One more callback is ready to run. */
  readonly callSoon = (): void => {
    this.#loop.callSoon(this.#runNext);
  };

  /** Sets a timer, and gives the number under which it is known. */
  readonly callAt = (when: number): number => {
    const id = ++this.#lastTimer;
    this.#timers.set(id, this.#loop.callAt(when, this.#runTimer, id));
    return id;
  };

  /** Drops a timer. */
  readonly cancel = (id: number): void => {
    this.#timers.get(id)?.cancel();
    this.#timers.delete(id);
  };

  /** Lets the loop end after this iteration. */
  readonly stop = (): void => this.#loop.stop();

  /** Runs until it is stopped, while Python is suspended: Python is told by `leave`. */
  runSuspended(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    // A program around this one that listens itself decides what Ctrl-C means.
    const listens = process.listenerCount("SIGINT") === 0;
    if (listens) process.on("SIGINT", this.interrupt);
    await Promise.resolve(); // By then Python is suspended.
    this.#python.enter();
    try {
      await this.#loop.runForever().catch(ignoreInterrupt);
    } finally {
      if (listens) process.off("SIGINT", this.interrupt);
      this.#python.leave();
    }
  }

  /**
   * Runs until it is stopped, inside a call of Python's.
   * @returns false if it waits for what can't come: no timer is set, and the thread is blocked.
   */
  runBlocking(): boolean {
    const host = this.#blocking as BlockingHost;
    void this.#loop.runForever().catch(ignoreInterrupt);
    while (this.#loop.isRunning()) {
      const served = host.serve();
      if (takeInterrupt()) this.interrupt();
      else if (!served) return this.#giveUp(host);
    }
    return true;
  }

  /** Nothing can come any more. */
  #giveUp(host: BlockingHost): false {
    this.#loop.stop();
    while (this.#loop.isRunning()) host.serve();
    return false;
  }

  /** Ctrl-C: if the loop runs, Python's signal handler is called as a callback of the loop. */
  readonly interrupt = (): void => {
    if (this.#loop.isRunning()) this.#loop.callSoon(this.#interrupt);
  };

  /** Drops whatever was to run. */
  readonly close = (): void => {
    this.#timers.clear();
    this.#loop.close();
    this.#closed();
  };

  readonly #runNext = (): void => {
    if (this.#python.runNext()) throw new KeyboardInterrupt();
  };

  readonly #runTimer = (id: number): void => {
    this.#timers.delete(id);
    if (this.#python.runTimer(id)) throw new KeyboardInterrupt();
  };

  readonly #interrupt = (): void => {
    if (this.#python.interrupt()) throw new KeyboardInterrupt();
  };
}

/** A callback ends the loop at once by this error. What the program is to see of it, Python has kept. */
function ignoreInterrupt(reason: unknown): void {
  if (!(reason instanceof KeyboardInterrupt)) throw reason;
}
