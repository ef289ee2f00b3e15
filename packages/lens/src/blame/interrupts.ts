/**
 * Interrupts of the main thread, from a worker (interrupter.ts): each tells what ran, with the exact line, and in whose
 * async context. One that was asked for inside a native call is served after it, late; it says since when it was due.
 */
import { Worker } from "node:worker_threads";
import { now } from "./clock.ts";
import { captureStack, type RawFrame } from "./stack.ts";
import { ThreadTimes } from "./thread-times.ts";

/** What an interrupt found. */
export interface Interrupt {
  /** When it was asked for, and when it was served: seconds of `now()`. */
  readonly asked: number;
  readonly served: number;
  /** Innermost first. */
  readonly frames: readonly RawFrame[];
  /** Nothing was running. */
  readonly idle: boolean;
  readonly whose: number | null;
}

/** What the worker is given. */
export interface InterrupterData {
  /** The key of the global function that it calls: `Symbol.for(hook)`. */
  readonly hook: string;
  /** Milliseconds between interrupts, and between those that find the thread idle. */
  readonly interval: number;
  readonly idleInterval: number;
  readonly pid: number;
  /** Int32: whether the worker is ready, how many readings it took, whether it can't take any. */
  readonly shared: SharedArrayBuffer;
  /** Float64: the readings of the thread's times. */
  readonly times: SharedArrayBuffer;
  readonly capacity: number;
}

const READY = 0;
const COUNT = 1;
const NO_READINGS = 2;

/** Of a program that is blocked for minutes, the last 4,096 readings are kept: 96 KiB. */
const CAPACITY = 4096;

/** Whether an interrupt was held up: by a native call, or by a busy machine. It comes in 0.2 ms otherwise. */
export function isLate({ asked, served }: Interrupt): boolean {
  return served - asked > 0.0015;
}

/** A program's first lines must be watched too, so the worker is waited for; without it there is the profiler. */
const START_TIMEOUT = 2000;

const { nextTick, threadCpuUsage, cpuUsage } = process;
const queue = queueMicrotask;

export class Interrupts {
  readonly times: ThreadTimes;
  readonly #hook = `@turnwise/lens interrupt ${Math.random()}`;
  readonly #control = new Int32Array(new SharedArrayBuffer(12));
  readonly #readings = new Float64Array(new SharedArrayBuffer(CAPACITY * 3 * 8));
  readonly #worker: Worker;
  readonly #offset: number;

  /**
   * @param interval - milliseconds between interrupts.
   * @param serve - called inside the interrupted code; says after how many milliseconds to interrupt again, 0 if idle.
   * @throws Error where workers or the inspector aren't permitted.
   */
  constructor(interval: number, whose: () => number | null, serve: (interrupt: Interrupt) => number) {
    this.#offset = now() - Number(process.hrtime.bigint()) / 1e9;
    this.times = new ThreadTimes(this.#readings, () => Atomics.load(this.#control, COUNT), this.#offset);
    const onInterrupt = (asked: number): number => {
      const served = now();
      this.#readTimes();
      // The first frame is the evaluated expression itself.
      const frames = captureStack(onInterrupt, 1);
      const idle = frames.length === 0;
      return serve({ asked: asked + this.#offset, served, frames, idle, whose: idle ? null : whose() });
    };
    const key = Symbol.for(this.#hook);
    Object.defineProperty(globalThis, key, { value: onInterrupt, configurable: true, enumerable: false });
    const data: InterrupterData = {
      hook: this.#hook,
      interval,
      idleInterval: interval * 2,
      pid: process.pid,
      shared: this.#control.buffer,
      times: this.#readings.buffer,
      capacity: CAPACITY,
    };
    const file = import.meta.url.endsWith(".ts") ? "./interrupter.ts" : "./interrupter.js";
    // The program's own flags are not for this worker: a preloaded file would be run again in it.
    this.#worker = new Worker(new URL(file, import.meta.url), { workerData: data, execArgv: [], env: {} });
    this.#worker.unref();
    this.#worker.on("error", () => this.stop());
    Atomics.wait(this.#control, READY, 0, START_TIMEOUT);
  }

  stop(): void {
    delete (globalThis as Record<symbol, unknown>)[Symbol.for(this.#hook)];
    void this.#worker.terminate();
  }

  /** Where the worker can't see this thread's times, the thread reads its own. */
  #readTimes(): void {
    if (Atomics.load(this.#control, NO_READINGS) === 0) return;
    const { user, system } = threadCpuUsage?.() ?? cpuUsage();
    const count = Atomics.load(this.#control, COUNT);
    this.#readings.set([now() - this.#offset, (user + system) / 1e6, 0], (count % CAPACITY) * 3);
    Atomics.store(this.#control, COUNT, count + 1);
  }
}

/** Calls `moment` in the current macrotask, when what is queued now has run: ticks first, then microtasks. */
export function afterQueued(moment: () => void): void {
  queue(() => nextTick(moment));
}
