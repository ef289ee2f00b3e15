/** `ThreadPoolExecutor`: a pool of threads, over piscina. */
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import type { ResourceLimits } from "node:worker_threads";
import type { Piscina } from "piscina";
import { currentScope, runInScope } from "#async-context";
import { describe } from "../describe.ts";
import { RuntimeError } from "../exceptions.ts";
import type { EventLoop } from "../events.ts";
import type { Future } from "../futures.ts";
import { interruptible } from "../interruptible.ts";
import { getRunningLoop } from "../running.ts";
import { Attempts, Calls, checkCallOptions } from "./calls.ts";
import { Executor, type ShutdownOptions } from "./executor.ts";
import { functionReference, type FunctionReference, NO_OPTIONS, type ThreadOptions } from "./function-references.ts";
import type { Travelling } from "./thread-context.ts";
import { Job, type JobPool } from "./thread-job.ts";
import type { JobMessage, JobResult } from "./thread-worker.ts";

/** How a {@link ThreadPoolExecutor} is made. */
export interface ThreadPoolOptions {
  /** At most so many threads; by default as many as the machine runs at once. */
  readonly maxWorkers?: number | undefined;
  /** The memory that a thread may take; one that takes more is ended, and its job fails. */
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** Piscina copies the options of each call: of its own, which stand for none, it would be four. */
const NO_RUN_OPTIONS = {};

/**
 * Threads that run functions of modules: `concurrent.futures.ThreadPoolExecutor`. They start when they are first
 * needed, and then wait for more; those that wait don't keep the process alive. {@link shutdown} ends them.
 *
 * Needs the package piscina.
 */
export class ThreadPoolExecutor extends Executor<ThreadOptions> {
  readonly #maxWorkers: number;
  readonly #resourceLimits: ResourceLimits | undefined;
  #starting: Promise<Piscina> | null = null;
  /** Once it has started. */
  #pool: Piscina | null = null;
  /** One for each job that runs: see `thread-worker.ts`. */
  readonly #slots: Int32Array;
  readonly #freeSlots: number[];
  /** In order. */
  readonly #waiting = new Set<Job>();
  /** What piscina has: a job for each thread, and those that come next. */
  readonly #running = new Set<Job>();
  readonly #calls = new Calls();
  /** Calls that are tried again if they fail. */
  readonly #attempts = new Set<Attempts<unknown>>();
  #isShutDown = false;
  /** Settles once nothing runs and nothing waits, where somebody wants to know. */
  #idle: PromiseWithResolvers<void> | null = null;

  /** @throws RangeError where `maxWorkers` is not a whole number above 0. */
  constructor(options: ThreadPoolOptions = {}) {
    super();
    const { maxWorkers = availableParallelism(), resourceLimits } = options;
    if (!Number.isInteger(maxWorkers) || maxWorkers <= 0) {
      throw new RangeError(`maxWorkers must be a whole number greater than 0, got ${describe(maxWorkers)}`);
    }
    this.#maxWorkers = maxWorkers;
    this.#resourceLimits = resourceLimits;
    this.#slots = new Int32Array(new SharedArrayBuffer(JOBS_PER_THREAD * maxWorkers * Int32Array.BYTES_PER_ELEMENT));
    this.#freeSlots = [...this.#slots.keys()];
  }

  /**
   * Calls `fn(...args)` in a thread, as soon as one is free. Cancelling the future gives up waiting, and so does a
   * timeout: a job that was not begun never is, one that was runs on, unless its function has `terminateOnCancel`.
   * @throws RuntimeError after {@link shutdown}, and where no loop runs; TypeError where `fn` is a JavaScript function.
   */
  submit<A extends unknown[], R>(
    fn: FunctionReference<A, R> | URL,
    args: NoInfer<A>,
    options?: ThreadOptions,
  ): Future<R> {
    return this._submit(fn, args, options, null);
  }

  /** @internal {@link submit}, with context variables. */
  _submit<A extends unknown[], R>(
    fn: FunctionReference<A, R> | URL,
    args: A,
    options: ThreadOptions | undefined,
    variables: Travelling | null,
  ): Future<R> {
    const reference = functionReference(fn) as unknown as FunctionReference<never[], R>;
    const chosen = options === undefined ? reference.options : { ...reference.options, ...options };
    if (chosen !== NO_OPTIONS) checkCallOptions(chosen);
    if (this.#isShutDown) throw new RuntimeError("cannot schedule new futures after shutdown");
    const loop = getRunningLoop();
    return chosen === NO_OPTIONS
      ? this.#begin(new Job(loop, reference, args, chosen, variables, this.#forJobs))
      : this.#submitWith(loop, reference, args, chosen, variables);
  }

  /**
   * Takes no more jobs, waits for those that it has, and ends the threads: `shutdown`. Cancelling gives up waiting.
   * @param options - with `cancelFutures` the jobs that were not begun are cancelled.
   */
  async shutdown(options: ShutdownOptions = {}): Promise<void> {
    this.#isShutDown = true;
    if (options.cancelFutures === true) {
      for (const job of [...this.#running, ...this.#waiting]) if (job.isWaiting) job.cancel();
      for (const call of this.#attempts) if (call.isBetween) call.cancel();
    }
    const ended = runInScope(undefined, () => this.#end());
    await (currentScope()?._loop?.isRunning() === true ? interruptible(ended) : ended);
  }

  /** @internal Ends the threads at once, whatever they do. */
  _terminate(): void {
    this.#isShutDown = true;
    void this.#starting?.then((pool) => pool.destroy(), ignore);
  }

  #submitWith<R>(
    loop: EventLoop,
    fn: FunctionReference<never[], R>,
    args: readonly unknown[],
    options: ThreadOptions,
    variables: Travelling | null,
  ): Future<R> {
    const begin = (): Future<R> => this.#begin(new Job(loop, fn, args, options, variables, this.#forJobs));
    return this.#calls.start(options, () =>
      (options.retries ?? 0) > 0 ? this.#attempt(loop, fn, options, begin) : begin(),
    );
  }

  #attempt<R>(
    loop: EventLoop,
    fn: FunctionReference<never[], R>,
    options: ThreadOptions,
    begin: () => Future<R>,
  ): Future<R> {
    const call = new Attempts(loop, `a thread's job: ${String(fn)}`, options, begin);
    this.#attempts.add(call as Attempts<unknown>);
    call.addDoneCallback(() => {
      this.#attempts.delete(call as Attempts<unknown>);
      this.#looksIdle();
    });
    return call;
  }

  #begin<R>(job: Job<R>): Future<R> {
    // There is no line that it would have to join: nobody looks at who waits.
    const isFirst = this.#waiting.size === 0 && this.#pool !== null;
    if (isFirst && runInScope(undefined, () => this.#take(job as Job))) return job;
    this.#waiting.add(job as Job);
    if (!isFirst) runInScope(undefined, this.#next);
    return job;
  }

  async #end(): Promise<void> {
    if (this.#hasJobs()) await (this.#idle ??= Promise.withResolvers<void>()).promise;
    const pool = await this.#starting?.catch(ignore);
    await pool?.destroy();
  }

  /** Gives jobs to threads that are free. */
  readonly #next = (): void => {
    if (this.#pool === null) {
      if (this.#starting === null) void this.#start();
      return;
    }
    for (const job of this.#waiting) if (!this.#take(job)) break;
    this.#looksIdle();
  };

  /** @returns whether a job could be given to a thread. */
  #take(job: Job): boolean {
    // Its time begins when piscina has it.
    if (job.hasTimeout && this.#running.size >= this.#maxWorkers) return false;
    const slot = this.#freeSlots.pop();
    if (slot === undefined) return false;
    this.#waiting.delete(job);
    this.#running.add(job);
    const message = job.begin(this.#slots, slot);
    const options = job.transfer.length === 0 ? NO_RUN_OPTIONS : { transferList: job.transfer as never };
    (this.#pool as Piscina).run(message, options).then(
      (result: JobResult | undefined) => {
        this.#freeSlots.push(slot);
        const isRunning = this.#running.delete(job);
        if (this.#waiting.size > 0) this.#next(); // Before the loop hears: the thread waits.
        if (isRunning) job.deliver(result);
        this.#looksIdle();
      },
      (error: unknown) => {
        this.#freeSlots.push(slot);
        this.#fail(job, error);
        this.#next();
      },
    );
    return true;
  }

  #fail(job: Job, error: unknown): void {
    if (this.#running.delete(job) || this.#waiting.delete(job)) job.break(error);
  }

  /** No thread can be started: one that ends before it is ready fails no job of its own. */
  #failAll(pool: Piscina, error: RuntimeError): void {
    this.#pool = null;
    this.#starting = null;
    for (const job of this.#running) this.#fail(job, error);
    void pool.destroy();
    this.#next();
  }

  readonly #forJobs: JobPool = {
    removed: (job) => {
      // One that piscina has already is skipped when its thread comes to it.
      if (this.#waiting.delete(job)) job.deliver(undefined);
      this.#looksIdle();
    },
    endThread: (id) => void this.#pool?.threads.find(({ threadId }) => threadId === id)?.terminate(),
  };

  #looksIdle(): void {
    if (this.#idle !== null && !this.#hasJobs()) this.#idle.resolve();
  }

  #hasJobs(): boolean {
    if (this.#waiting.size + this.#running.size > 0) return true;
    return this.#attempts.values().some((call) => !call.getLoop().isClosed());
  }

  async #start(): Promise<void> {
    this.#starting = this.#newPool();
    try {
      this.#pool = await this.#starting;
    } catch (error) {
      this.#starting = null;
      for (const job of this.#waiting) this.#fail(job, error);
      this.#looksIdle();
      return;
    }
    this.#next();
  }

  async #newPool(): Promise<Piscina> {
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
      stricterFIFO: true,
      workerData: this.#slots,
      ...(this.#resourceLimits === undefined ? {} : { resourceLimits: this.#resourceLimits }),
    });
    let last: unknown = null;
    let wasReady = false;
    pool.on("error", (error: unknown) => void (last = error));
    pool.on("workerCreate", () => void (wasReady = true));
    pool.on("workerDestroy", () => {
      setImmediate(() => {
        if (this.#running.size === 0) return;
        if (wasReady) {
          // Piscina starts no other thread for what is in its own queue, unless something comes.
          wasReady = false;
          pool.run(NO_JOB).catch(ignore);
        } else if (pool.threads.length === 0) this.#failAll(pool, cannotStart(last));
      });
    });
    return pool;
  }
}

/** So many jobs piscina has for each thread: one that runs, and enough that no thread waits for this one between two. */
const JOBS_PER_THREAD = 16;

/** A thread that takes it does nothing: no slot is of it. */
const NO_JOB: JobMessage = ["", "", -(2 ** 31), 0, null];

function cannotStart(cause: unknown): RuntimeError {
  const why = cause instanceof Error ? cause.message : "it ended before it was ready";
  return new RuntimeError(`no thread could be started: ${why}`, { cause });
}

function ignore(): undefined {
  return undefined;
}
