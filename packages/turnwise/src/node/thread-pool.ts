/** `ThreadPoolExecutor`: a pool of threads, over piscina. */
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import type { ResourceLimits } from "node:worker_threads";
import type { Piscina } from "piscina";
import { currentScope, runInScope } from "#async-context";
import { describe } from "../describe.ts";
import { RuntimeError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import { interruptible } from "../interruptible.ts";
import { getRunningLoop } from "../running.ts";
import { type Travelling } from "./thread-context.ts";
import { threadFunction, type ThreadFunction } from "./thread-functions.ts";
import { Job } from "./thread-job.ts";
import type { JobResult } from "./thread-worker.ts";

/** What runs functions of modules elsewhere: `concurrent.futures.Executor`. */
export interface Executor {
  /** Starts `fn(...args)`, and gives a promise of its result. */
  submit<A extends unknown[], R>(fn: ThreadFunction<A, R>, ...args: NoInfer<A>): PromiseLike<R>;
}

/** How a {@link ThreadPoolExecutor} is made. */
export interface ThreadPoolOptions {
  /** At most so many threads; by default as many as the machine runs at once. */
  readonly maxWorkers?: number | undefined;
  /** The memory that a thread may take; one that takes more is ended, and its job fails. */
  readonly resourceLimits?: ResourceLimits | undefined;
}

/**
 * Threads that run functions of modules: `concurrent.futures.ThreadPoolExecutor`. They start when they are first
 * needed, and then wait for more; those that wait don't keep the process alive. {@link shutdown} ends them.
 *
 * Needs the package piscina.
 */
export class ThreadPoolExecutor implements Executor, AsyncDisposable {
  readonly #maxWorkers: number;
  readonly #resourceLimits: ResourceLimits | undefined;
  #pool: Promise<Piscina> | null = null;
  /**
   * In order. Piscina gets no more than it has threads for: where a thread is ended amid a job it starts no other for
   * what is in its own queue.
   */
  readonly #waiting = new Set<Job>();
  readonly #running = new Set<Job>();
  #isShutDown = false;
  /** Settles once nothing runs and nothing waits, where somebody wants to know. */
  #idle: PromiseWithResolvers<void> | null = null;

  /** @throws RangeError where `maxWorkers` is not a whole number above 0. */
  constructor(options: ThreadPoolOptions = {}) {
    const { maxWorkers = availableParallelism(), resourceLimits } = options;
    if (!Number.isInteger(maxWorkers) || maxWorkers <= 0) {
      throw new RangeError(`maxWorkers must be a whole number greater than 0, got ${describe(maxWorkers)}`);
    }
    this.#maxWorkers = maxWorkers;
    this.#resourceLimits = resourceLimits;
  }

  /**
   * Calls `fn(...args)` in a thread, as soon as one is free. Cancelling the future gives up waiting: a job that was not
   * begun never is, one that was runs on, unless its function has `terminateOnCancel`.
   * @throws RuntimeError after {@link shutdown}, and where no loop runs; TypeError where `fn` is a JavaScript function.
   */
  submit<A extends unknown[], R>(fn: ThreadFunction<A, R> | URL, ...args: NoInfer<A>): Future<R> {
    return this._submit(fn, args, null);
  }

  /** @internal {@link submit}, with context variables. */
  _submit<A extends unknown[], R>(fn: ThreadFunction<A, R> | URL, args: A, variables: Travelling | null): Future<R> {
    const reference = threadFunction(fn) as unknown as ThreadFunction<never[], R>;
    if (this.#isShutDown) throw new RuntimeError("cannot schedule new futures after shutdown");
    const job = new Job<R>(getRunningLoop(), reference, args, variables, (given) => this.#remove(given as Job));
    this.#waiting.add(job as Job);
    runInScope(undefined, () => void this.#next());
    return job.operation;
  }

  /**
   * Takes no more jobs, waits for those that it has, and ends the threads: `shutdown`. Cancelling gives up waiting.
   * @param options - with `cancelFutures` the jobs that were not begun are cancelled.
   */
  async shutdown(options: { readonly cancelFutures?: boolean | undefined } = {}): Promise<void> {
    this.#isShutDown = true;
    if (options.cancelFutures === true) {
      for (const job of [...this.#running, ...this.#waiting]) if (job.isWaiting) job.operation.cancel();
    }
    const ended = runInScope(undefined, () => this.#end());
    await (currentScope()?._loop?.isRunning() === true ? interruptible(ended) : ended);
  }

  /** {@link shutdown}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  /** @internal Ends the threads at once, whatever they do. */
  _terminate(): void {
    this.#isShutDown = true;
    void this.#pool?.then((pool) => pool.destroy(), ignore);
  }

  async #end(): Promise<void> {
    if (this.#waiting.size + this.#running.size > 0) await (this.#idle ??= Promise.withResolvers<void>()).promise;
    const pool = await this.#pool?.catch(ignore);
    await pool?.destroy();
  }

  async #next(): Promise<void> {
    let pool: Piscina;
    try {
      pool = await (this.#pool ??= this.#start());
    } catch (error) {
      this.#pool = null;
      for (const job of this.#waiting) this.#fail(job, error);
      this.#looksIdle();
      return;
    }
    for (const job of this.#waiting) {
      if (this.#running.size >= this.#maxWorkers) break;
      this.#waiting.delete(job);
      this.#running.add(job);
      void this.#run(pool, job);
    }
    this.#looksIdle();
  }

  async #run(pool: Piscina, job: Job): Promise<void> {
    const { message, transfer, signal } = job;
    try {
      const result = (await pool.run(message, { transferList: transfer as never, signal })) as JobResult | undefined;
      if (this.#running.delete(job)) job.finish(result);
    } catch (error) {
      this.#fail(job, error);
    }
    await this.#next();
  }

  #fail(job: Job, error: unknown): void {
    if (this.#running.delete(job) || this.#waiting.delete(job)) job.fail(error);
  }

  #remove(job: Job): void {
    // One that piscina has already is skipped when its thread comes to it.
    if (this.#waiting.delete(job)) job.finish(undefined);
    this.#looksIdle();
  }

  #looksIdle(): void {
    if (this.#waiting.size + this.#running.size === 0) this.#idle?.resolve();
  }

  async #start(): Promise<Piscina> {
    const { Piscina } = await import("piscina").catch((error: unknown) => {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("'piscina'")) throw error;
      throw new RuntimeError("threads need the package piscina, which is not installed: npm install piscina", {
        cause: error,
      });
    });
    const pool = new Piscina({
      filename: new URL(`./thread-worker${extname(import.meta.url)}`, import.meta.url).href,
      name: "runJob",
      minThreads: 0,
      maxThreads: this.#maxWorkers,
      idleTimeout: Infinity,
      recordTiming: false,
      ...(this.#resourceLimits === undefined ? {} : { resourceLimits: this.#resourceLimits }),
    });
    let last: unknown = null;
    pool.on("error", (error: unknown) => void (last = error));
    // A thread that ends before it is ready fails no job of its own. Where no other is left to do them, all have to fail.
    pool.on("workerDestroy", () => {
      setImmediate(() => {
        if (pool.threads.length > 0) return;
        for (const job of this.#running) {
          if (!job.isWaiting) continue;
          this.#fail(job, cannotStart(last));
          job.terminate();
        }
        void this.#next();
      });
    });
    return pool;
  }
}

function cannotStart(cause: unknown): RuntimeError {
  const why = cause instanceof Error ? cause.message : "it ended before it was ready";
  return new RuntimeError(`no thread could be started: ${why}`, { cause });
}

function ignore(): undefined {
  return undefined;
}
