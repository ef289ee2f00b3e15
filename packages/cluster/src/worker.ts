/** `ClusterWorker`: runs the calls of a queue, each as a task of its own. */
import { hostname } from "node:os";
import { type Job, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { CancelledError, type EventLoop, getRunningLoop, interruptible, type Seconds, type Task } from "turnwise";
import { hold, letGo, outsideTasks, type Resource, enter } from "turnwise/executor";
import { cancelChannel, CANCELLED } from "./cancellations.ts";
import {
  checkQueueName,
  connect,
  connected,
  connectionError,
  connectionOptions,
  type ConnectionOptions,
  DEFAULT_PREFIX,
  DEFAULT_QUEUE,
  disconnect,
  type QueueOptions,
  shownConnection,
} from "./connection.ts";
import { runCall } from "./running-call.ts";
import { GIVE_UP_AFTER, unlessUnreachable } from "./reachable.ts";
import { type ServedModule, ServedModules } from "./served-modules.ts";
import { type CallData, errorForQueue, namedIn, pack, type Packed, unpack } from "./wire.ts";

/** How a {@link ClusterWorker} works. */
export interface WorkerOptions extends QueueOptions {
  /** So many calls at a time; 1 by default. They share one thread: more pays where they wait. */
  readonly concurrency?: number | undefined;
  /**
   * A worker says again and again that it lives. If nothing was heard of it for so long, its calls go to others; in
   * seconds, 30 by default. A function that blocks its loop for longer is taken for dead.
   */
  readonly lease?: Seconds | undefined;
  /** A call whose worker died goes to another one so often, then it fails: it may be what kills them. 3 by default. */
  readonly maxLost?: number | undefined;
  /** Hears what is amiss with the connection, and of calls that fail. */
  readonly report?: ((line: string) => void) | undefined;
}

/**
 * Starts a worker on the running loop.
 *
 * ```ts
 * await using worker = await startWorker([new URL("./images.ts", import.meta.url)], { concurrency: 4 });
 * ```
 *
 * @param modules - what it serves. A call of any other module is refused.
 * @throws ClusterConnectionError where Redis can't be reached; what loading a module throws; TypeError, RangeError where
 * an option is not what it should be.
 */
export async function startWorker(
  modules: readonly ServedModule[],
  options: WorkerOptions = {},
): Promise<ClusterWorker> {
  checkOptions(options);
  const served = await ServedModules.load(modules);
  const place = connectionOptions(options.connection);
  const redis = await interruptible(outsideTasks(() => connected(place, "turnwise-worker")));
  const worker = new ClusterWorker(getRunningLoop(), served, place, redis, options);
  try {
    await interruptible(outsideTasks(() => worker._begin()));
  } catch (error) {
    await worker.close();
    throw error;
  }
  return worker;
}

/** What timers can wait for, in seconds. */
const LONGEST_LEASE: Seconds = 2_147_483;

function checkOptions({ queue, concurrency = 1, lease = 30, maxLost = 3 }: WorkerOptions): void {
  if (queue !== undefined) checkQueueName(queue);
  if (!(Number.isSafeInteger(concurrency) && concurrency >= 1)) {
    throw new RangeError(`concurrency must be a whole number above 0, got ${String(concurrency)}`);
  }
  if (!(lease >= 0.1 && lease <= LONGEST_LEASE)) {
    throw new RangeError(`lease must be a number of seconds from 0.1 to 2,147,483, got ${String(lease)}`);
  }
  if (!(Number.isSafeInteger(maxLost) && maxLost >= 0)) {
    throw new RangeError(`maxLost must be a whole number, 0 or more, got ${String(maxLost)}`);
  }
}

/** Failed calls are kept so long, in seconds, so that `turnwise cluster status` can show them. */
const KEEP_FAILED: Seconds = 86_400;

/** How a call ends that is neither done nor failed. */
type Ending = "cancelled" | "handed back";
/** A job that was cancelled is known for so long, in ms, where it is not here: it may be on its way. */
const REMEMBER_CANCELLED = 60_000;

/** Made by {@link startWorker}. */
export class ClusterWorker implements Resource, AsyncDisposable {
  /** "host:pid", as callers and `turnwise cluster status` see it. */
  readonly name: string = `${hostname()}:${process.pid}`;
  readonly queue: string;
  readonly #loop: EventLoop;
  readonly #served: ServedModules;
  readonly #place: ConnectionOptions;
  readonly #report: (line: string) => void;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #worker: Worker<CallData, Packed>;
  readonly #channel: string;
  readonly #running = new Map<string, Task<unknown>>();
  readonly #endings = new Map<string, Ending>();
  readonly #cancelledEarly = new Map<string, number>();
  readonly #said = new Set<string>();
  readonly #lease: Seconds;
  /** How many calls are here, or had their results not delivered yet. */
  #undelivered = 0;
  readonly #handBack = Promise.withResolvers<void>();
  #ended: Promise<void> | null = null;

  /** @internal Call it through {@link startWorker}. */
  constructor(loop: EventLoop, served: ServedModules, place: ConnectionOptions, redis: Redis, options: WorkerOptions) {
    const { queue = DEFAULT_QUEUE, prefix = DEFAULT_PREFIX, report = () => {} } = options;
    const { concurrency = 1, lease = 30, maxLost = 3 } = options;
    this.#loop = loop;
    this.#served = served;
    this.queue = queue;
    this.#place = place;
    this.#report = report;
    this.#channel = cancelChannel(`${prefix}:${queue}`);
    this.#redis = redis;
    this.#lease = lease;
    this.#subscriber = outsideTasks(() => connect(place, "turnwise-worker-cancel", true));
    for (const each of [redis, this.#subscriber]) each.on("error", (error) => this.#troubled(error));
    redis.on("ready", () => this.#said.clear());
    this.#worker = outsideTasks(
      () =>
        new Worker<CallData, Packed>(queue, (job, token) => this.#run(job, token), {
          connection: redis,
          prefix,
          name: this.name,
          concurrency,
          lockDuration: Math.round(lease * 1000),
          stalledInterval: Math.round(lease * 1000),
          maxStalledCount: maxLost,
          removeOnFail: { age: KEEP_FAILED },
          autorun: false,
        }),
    );
    this.#worker.on("error", (error) => this.#troubled(error));
    for (const event of ["completed", "failed"] as const) this.#worker.on(event, () => void this.#undelivered--);
    this.#worker.on("lockRenewalFailed", (ids) => {
      // It is no longer ours: another worker has it, or will.
      for (const id of ids) this.#end(id, "handed back");
    });
    hold(loop, this);
  }

  /** How many calls run here. */
  get running(): number {
    return this.#running.size;
  }

  /** What it serves, in words. */
  toString(): string {
    return `${this.name} serves ${String(this.#served)} from the queue ${this.queue} on ${shownConnection(this.#place)}`;
  }

  /**
   * Takes no more calls, waits for those that run, and ends. Where Redis can't be reached it waits for as long as the
   * lease, if there are results to deliver: after that others have the calls anyway.
   */
  drain(): Promise<void> {
    return Promise.resolve(interruptible((this.#ended ??= outsideTasks(() => this.#stop()))));
  }

  /** Cancels the calls that run, gives them back to the queue, and ends. */
  close(): Promise<void> {
    const ended = this.drain();
    this.#handBack.resolve();
    for (const id of this.#running.keys()) this.#end(id, "handed back");
    return ended;
  }

  /** {@link drain}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.drain();
  }

  loopClosed(): void {
    for (const redis of [this.#redis, this.#subscriber]) disconnect(redis);
    void this.#worker.close(true);
  }

  /** @internal Begins to take calls. */
  async _begin(): Promise<void> {
    this.#subscriber.on("message", (_channel, id: string) => this.#cancel(id));
    try {
      await this.#subscriber.subscribe(this.#channel);
      await this.#worker.waitUntilReady();
    } catch (error) {
      throw connectionError(this.#place, error);
    }
    this.#worker.run().catch((error: unknown) => this.#troubled(error));
  }

  /** Says what is amiss, the same thing only once until the connection is up. */
  #troubled(error: unknown): void {
    const { message } = connectionError(this.#place, error);
    const taken = /Missing (?:lock|key) for job (\S+)\./.exec(message)?.[1];
    const line =
      taken === undefined ? message : `the result of ${taken} is dropped: it came too late, others have the call`;
    if (this.#said.has(line)) return;
    this.#said.add(line);
    this.#report(line);
  }

  async #stop(): Promise<void> {
    const patience = (): Seconds => (this.#undelivered === 0 ? GIVE_UP_AFTER : this.#lease);
    try {
      const closed = this.#worker.close();
      const isClosed = await unlessUnreachable(this.#redis, closed, patience, this.#handBack.promise);
      if (!isClosed) this.#report(`${shownConnection(this.#place)} can't be reached: ${this.#left()}`);
    } finally {
      letGo(this.#loop, this);
      for (const redis of [this.#redis, this.#subscriber]) disconnect(redis);
    }
  }

  #left(): string {
    const calls = this.#undelivered;
    if (calls === 0) return "ends without it";
    return `ends without delivering ${calls === 1 ? "a result" : `${calls} results`}; other workers will get the calls`;
  }

  #cancel(id: string): void {
    const now = performance.now();
    for (const [known, time] of this.#cancelledEarly) {
      if (now - time < REMEMBER_CANCELLED) break;
      this.#cancelledEarly.delete(known);
    }
    if (!this.#end(id, "cancelled")) this.#cancelledEarly.set(id, now);
  }

  #end(id: string, ending: Ending): boolean {
    const task = this.#running.get(id);
    if (task === undefined) return false;
    // Only once: it may be told again and again, and what the task does in its `finally` is not to be cancelled.
    if (!this.#endings.has(id)) {
      this.#endings.set(id, ending);
      task.cancel();
    }
    return true;
  }

  async #run(job: Job<CallData, Packed>, token: string | undefined): Promise<Packed> {
    const id = job.id as string;
    this.#undelivered++;
    let call: () => unknown;
    try {
      const fn = this.#served.find(job.name);
      const args = unpack(job.data);
      if (!Array.isArray(args)) throw new TypeError(`a call's arguments are an array, not ${typeof args}`);
      call = () => fn(...(args as readonly unknown[]));
    } catch (error) {
      throw errorForQueue(error, true);
    }
    if (this.#cancelledEarly.delete(id)) throw cancelled(job);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const task = enter(this.#loop, () => this.#start(job, call, end));
    await ended;
    this.#running.delete(id);
    const ending = this.#endings.get(id);
    this.#endings.delete(id);
    if (task.cancelled()) {
      if (ending !== "handed back") throw cancelled(job);
      await job.moveToWait(token);
      this.#undelivered--;
      throw new WaitingError();
    }
    let result: unknown;
    try {
      result = task.result();
    } catch (thrown) {
      this.#report(
        `${job.name} failed: ${thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)}`,
      );
      throw errorForQueue(thrown, false);
    }
    try {
      return pack(result, "result", `the result of ${namedIn(job.name).fn} can't be sent back`);
    } catch (error) {
      throw errorForQueue(error, true);
    }
  }

  #start(job: Job<CallData, Packed>, call: () => unknown, end: () => void): Task<unknown> {
    const id = job.id as string;
    const task = this.#loop.createTask(() => runCall(job, call, (error) => this.#troubled(error)), {
      name: `${job.name} (${id})`,
    });
    this.#running.set(id, task);
    task.addDoneCallback(() => end());
    return task;
  }
}

/** The error of a call that was cancelled: nothing is kept of it. */
function cancelled(job: Job): Error {
  job.opts.removeOnFail = true;
  return errorForQueue(new CancelledError(CANCELLED), true);
}
