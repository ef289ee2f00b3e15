/** `ClusterExecutor`: calls that run on any number of machines, over BullMQ on Redis or Valkey. */
import { randomUUID } from "node:crypto";
import {
  Executor,
  functionReference,
  type FunctionReference,
  getRunningLoop,
  interruptible,
  RuntimeError,
  type Seconds,
  type ShutdownOptions,
} from "turnwise/node";
import { Calls, checkCallOptions, outsideTasks } from "turnwise/executor";
import { ClusterCall, type Submission } from "./call.ts";
import { checkQueueName, connectionOptions, DEFAULT_PREFIX, DEFAULT_QUEUE, type QueueOptions } from "./connection.ts";
import type { ClusterCallOptions } from "./job-options.ts";
import { moduleName } from "./module-names.ts";
import { type Place, Session } from "./session.ts";
import { callName, pack, type Packed } from "./wire.ts";

/** How a {@link ClusterExecutor} is made. */
export interface ClusterOptions extends QueueOptions {
  /**
   * How long Redis keeps the result of a call: that of one with a key, so that others can have it too, and that of one
   * whose caller is gone. An hour by default; in seconds.
   */
  readonly keep?: Seconds | undefined;
}

/** How much of a queue may run: on all workers together, whoever submits. Null takes a limit away. */
export interface QueueLimits {
  /** At most so many calls at once. */
  readonly running?: number | null | undefined;
  /** At most so many calls are begun in so many seconds. */
  readonly rate?: { readonly calls: number; readonly per: Seconds } | null | undefined;
}

/**
 * Runs functions of modules on other machines: each machine runs `turnwise worker MODULE...`. BullMQ's queue is
 * between them, on Redis or Valkey.
 *
 * ```ts
 * await using cluster = new ClusterExecutor({ connection: "redis://queue.example:6379" });
 * const { resize } = functionsOf<typeof import("./images.ts")>(new URL("./images.ts", import.meta.url));
 * const small = await cluster.submit(resize, [picture, 200], { retries: 2, timeout: 30 });
 * ```
 *
 * A call is run at least once: twice, if its worker dies or is cut off after it began. Its result arrives once.
 */
export class ClusterExecutor extends Executor<ClusterCallOptions> {
  readonly #place: Place;
  readonly #keep: Seconds;
  readonly #calls = new Calls();
  /** Unlike those of other executors. */
  readonly #id: string = randomUUID().slice(0, 13);
  #submitted = 0;
  #session: Session | null = null;
  #sessionLoop: unknown = null;
  #isShutDown = false;

  /** @throws TypeError where `connection` is no URL of Redis, or `queue` no name. */
  constructor({ connection, queue = DEFAULT_QUEUE, prefix = DEFAULT_PREFIX, keep = 3600 }: ClusterOptions = {}) {
    super();
    checkQueueName(queue);
    this.#place = { connection: connectionOptions(connection), queue, prefix };
    if (!(keep > 0)) throw new RangeError(`keep must be a number of seconds greater than 0, got ${String(keep)}`);
    this.#keep = keep;
  }

  /**
   * Calls `fn(...args)` on the next worker that is free. Cancelling takes the call off the queue, or cancels its task
   * on the worker, whose `finally` runs there; the future is done at once.
   *
   * While Redis is out of reach, calls wait: use a timeout of your own where that can't be.
   * @throws RuntimeError after {@link shutdown}, and where no loop runs; TypeError where `fn` is a JavaScript function,
   * or lies in a module that belongs to no package. The call fails with a {@link ClusterConnectionError} where Redis
   * can't be reached to begin with.
   */
  override submit<A extends unknown[], R>(
    fn: FunctionReference<A, R> | URL,
    args: NoInfer<A>,
    options?: ClusterCallOptions,
  ): ClusterCall<R> {
    const reference = functionReference(fn) as unknown as FunctionReference;
    const chosen: ClusterCallOptions = options === undefined ? reference.options : { ...reference.options, ...options };
    checkCallOptions(chosen);
    checkPriority(chosen.priority);
    if (this.#isShutDown) throw new RuntimeError("cannot schedule new futures after shutdown");
    return this.#calls.start(chosen, () => this.#begin<R>(reference, args, chosen));
  }

  /**
   * Forgets the call with this key, and its result: the next one that is submitted with it runs. One that waits is
   * taken off the queue.
   * @returns false where it runs, or there is none.
   */
  async forget(key: string): Promise<boolean> {
    const session = this.#open();
    return await interruptible(session.withQueue(async (queue) => (await queue.remove(jobId(key))) > 0));
  }

  /**
   * Sets limits of the queue, which last until they are set again.
   * @throws RangeError where a limit would let nothing run.
   */
  async limit({ running, rate }: QueueLimits): Promise<void> {
    checkLimit("running", running);
    checkLimit("rate.calls", rate?.calls);
    if (rate != null && !(rate.per >= 0.001 && rate.per < Infinity)) {
      throw new RangeError(`rate.per must be a number of seconds, 0.001 or more, got ${String(rate.per)}`);
    }
    const session = this.#open();
    await interruptible(
      session.withQueue(async (queue) => {
        if (running === null) await queue.removeGlobalConcurrency();
        else if (running !== undefined) await queue.setGlobalConcurrency(running);
        if (rate === null) await queue.removeGlobalRateLimit();
        else if (rate !== undefined) await queue.setGlobalRateLimit(rate.calls, Math.round(rate.per * 1000));
      }),
    );
  }

  /**
   * Takes no more calls, waits for those that are out, and closes the connections. Cancelling gives up waiting. Where
   * Redis can't be reached once no call is out, it ends all the same, and a cancellation may not be delivered.
   */
  override async shutdown({ cancelFutures = false }: ShutdownOptions = {}): Promise<void> {
    this.#isShutDown = true;
    const session = this.#session;
    if (session === null || session.isClosed) return;
    if (cancelFutures) outsideTasks(() => session.cancelWaiting());
    await interruptible(outsideTasks(() => session.close()));
  }

  #begin<R>(reference: FunctionReference, args: readonly unknown[], options: ClusterCallOptions): ClusterCall<R> {
    const { key, timeout } = options;
    const module = moduleName(reference.module);
    const name = callName(reference.name, module);
    const packed = tryToPack(args, name);
    const submission: Submission = {
      id: key === undefined ? `${this.#id}-${this.#submitted++}` : jobId(key),
      key,
      name,
      data: timeout === undefined ? packed.value : { ...packed.value, timeout },
      options,
    };
    const session = this.#open();
    const call = new ClusterCall<R>(getRunningLoop(), submission, (given) =>
      session.giveUp(given as ClusterCall<unknown>),
    );
    if (packed.refusal === null) outsideTasks(() => session.add(call as ClusterCall<unknown>));
    else call.fail(packed.refusal);
    return call;
  }

  /** The session of the running loop. */
  #open(): Session {
    const loop = getRunningLoop();
    if (this.#session === null || this.#session.isClosed || this.#sessionLoop !== loop) {
      this.#session = outsideTasks(() => new Session(loop, this.#place, { keep: this.#keep }));
      this.#sessionLoop = loop;
    }
    return this.#session;
  }
}

/** The arguments, ready to be sent; or why they can't be. */
function tryToPack(args: readonly unknown[], name: string): { readonly value: Packed; readonly refusal: unknown } {
  try {
    return { value: pack(args, "args", `the arguments of ${name} can't be sent`), refusal: null };
  } catch (refusal) {
    return { value: { json: [] }, refusal };
  }
}

/** The job of a key. BullMQ has uses of its own for colons, and for whole numbers. */
function jobId(key: string): string {
  return `key-${encodeURIComponent(key)}`;
}

function checkPriority(priority: number | undefined): void {
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= 2_097_151)) {
    throw new RangeError(`priority must be a whole number from 1 to 2,097,151, got ${String(priority)}`);
  }
}

function checkLimit(what: string, calls: number | null | undefined): void {
  if (calls != null && !(Number.isSafeInteger(calls) && calls >= 1)) {
    throw new RangeError(`${what} must be a whole number above 0, got ${String(calls)}`);
  }
}
