/**
 * Interrupts of the main thread, from a worker (interrupter.ts): each tells what ran, with the exact line, and in whose
 * async context. One that was asked for inside a native call is served after it, late; it says since when it was due.
 */
import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { now } from "./clock.ts";
import { captureStack, type RawFrame } from "./stack.ts";
import { ReadingsRing, type InterrupterData } from "./interrupter-data.ts";
import { readOwn, type Reading } from "./thread-times.ts";

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

/** Whether an interrupt was held up: by a native call, or by a busy machine. It comes in 0.2 ms otherwise. */
export function isLate({ asked, served }: Interrupt): boolean {
  return served - asked > 0.0015;
}

/** A program's first lines must be watched too, so the worker is waited for; without it there is the profiler. */
const START_TIMEOUT = 2000;

const { nodeTiming } = performance;
const nextTick = process.nextTick.bind(process);
const queue = queueMicrotask;

export class Interrupts {
  readonly #hook = `@turnwise/lens interrupt ${Math.random()}`;
  readonly #worker: Worker;
  readonly #ring = new ReadingsRing();
  /** This thread's own readings, where the worker can't read it: since the last call of `times`. */
  #own: Reading[] = [];
  readonly #offset = now() - Number(process.hrtime.bigint()) / 1e9;
  /** The last interrupt, and how long the loop had slept by then. */
  #served = 0;
  #slept = 0;

  /**
   * @param interval - milliseconds between interrupts.
   * @param serve - called inside the interrupted code; says after how many milliseconds to interrupt again, 0 if idle.
   * @throws Error where workers or the inspector aren't permitted.
   */
  constructor(interval: number, whose: () => number | null, serve: (interrupt: Interrupt) => number) {
    const onInterrupt = (asked: number): number => {
      const served = now();
      if (this.#ring.isEmpty) this.#own.push(readOwn(served));
      // The first frame is the evaluated expression itself.
      const frames = captureStack(onInterrupt, 1);
      // Between two microtasks there is no frame either, but then the loop hasn't slept until just now.
      const slept = nodeTiming.idleTime / 1000;
      const idle = frames.length === 0 && served - this.#served - (slept - this.#slept) < 0.001;
      this.#served = served;
      this.#slept = slept;
      return serve({ asked: asked + this.#offset, served, frames, idle, whose: idle ? null : whose() });
    };
    const key = Symbol.for(this.#hook);
    Object.defineProperty(globalThis, key, { value: onInterrupt, configurable: true, enumerable: false });
    const ready = new SharedArrayBuffer(4);
    const data: InterrupterData = {
      hook: this.#hook,
      interval,
      idleInterval: interval * 2,
      ready,
      ring: this.#ring.buffer,
    };
    const file = import.meta.url.endsWith(".ts") ? "./interrupter.ts" : "./interrupter.js";
    // The program's own flags are not for this worker: a preloaded file would be run again in it.
    this.#worker = new Worker(new URL(file, import.meta.url), {
      workerData: data,
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
    });
    this.#worker.unref();
    this.#worker.on("error", () => this.stop());
    Atomics.wait(new Int32Array(ready), 0, 0, START_TIMEOUT);
  }

  stop(): void {
    delete (globalThis as Record<symbol, unknown>)[Symbol.for(this.#hook)];
    void this.#worker.terminate();
  }

  /** The thread's times since `begin`, up to now. */
  times(begin: number): Reading[] {
    const ring = this.#ring
      .since(begin - this.#offset)
      .map((reading) => ({ ...reading, time: reading.time + this.#offset }));
    // A thread that waits for a processor is seen to have waited only after that.
    const latest = readOwn(now());
    const readings = [...(ring.length > 0 ? ring.filter(({ time }) => time < latest.time) : this.#own), latest];
    this.#own = [latest];
    return readings;
  }

  /** Nothing of interest happened up to now. */
  forget(): void {
    this.#own.splice(0, this.#own.length - 1);
  }
}

/** Calls `moment` in the current macrotask, when what is queued now has run: ticks first, then microtasks. */
export function afterQueued(moment: () => void): void {
  queue(() => nextTick(moment));
}
