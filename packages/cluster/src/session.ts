/** `Session`: an executor's connections for as long as a loop lasts, and the calls that are out over them. */
import { type Job, Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { CancelledError, type EventLoop } from "turnwise";
import { hold, letGo, outsideTasks, type Resource } from "turnwise/executor";
import type { ClusterCall } from "./call.ts";
import { CANCELLED, Cancellations } from "./cancellations.ts";
import { connect, connectionError, type ConnectionOptions, disconnect } from "./connection.ts";
import { WorkerLostError } from "./errors.ts";
import { jobOptions, type QueueSettings } from "./job-options.ts";
import { MissedEvents } from "./missed-events.ts";
import { unlessUnreachable } from "./reachable.ts";
import { ReceivedJobs } from "./received-jobs.ts";
import { errorFromQueue, type Packed, unpack } from "./wire.ts";

/** Where a session's queue is. */
export interface Place {
  readonly connection: ConnectionOptions;
  readonly queue: string;
  readonly prefix: string;
}

/** So often, in ms, is looked after what no event tells. */
const ROUND = 250;
/** Every so many rounds each call that is out is looked at in Redis, whatever was heard. */
const ROUNDS_PER_CHECK = 120;
/** Every so many rounds it is looked whether events were missed. */
const ROUNDS_PER_LOOK = 4;
/** So many calls are looked at at once. */
const CHECKS_AT_ONCE = 200;

export class Session implements Resource {
  readonly #loop: EventLoop;
  readonly #place: Place;
  readonly #settings: QueueSettings;
  readonly #redis: Redis;
  readonly #queue: Queue;
  #events: QueueEvents | null = null;
  readonly #ready: Promise<void>;
  #isReady = false;
  #isClosed = false;
  #lastError: unknown = null;
  readonly #out = new Map<string, ClusterCall<unknown>>();
  readonly #cancellations: Cancellations;
  readonly #received: ReceivedJobs;
  readonly #timer: NodeJS.Timeout;
  #round = 0;
  readonly #missed: MissedEvents;
  #isChecking = false;
  /** Settles once no call is out, where somebody wants to know. */
  #idle: PromiseWithResolvers<void> | null = null;

  /** Call it outside of tasks. */
  constructor(loop: EventLoop, place: Place, settings: QueueSettings) {
    this.#loop = loop;
    this.#place = place;
    this.#settings = settings;
    this.#redis = connect(place.connection, "turnwise-caller");
    this.#redis.on("error", (error) => void (this.#lastError = error));
    this.#redis.on("close", () => this.#lost());
    this.#redis.on("end", () => this.#ended());
    const { queue, prefix } = place;
    this.#queue = new Queue(queue, { connection: this.#redis, prefix });
    this.#queue.on("error", (error) => void (this.#lastError = error));
    this.#cancellations = new Cancellations(this.#queue, this.#redis);
    this.#received = new ReceivedJobs(this.#queue, this.#redis);
    this.#missed = new MissedEvents(this.#queue, this.#redis);
    this.#ready = this.#begin();
    this.#ready.catch(() => this.#ended());
    this.#timer = setInterval(() => void this.#nextRound(), ROUND);
    this.#timer.unref();
    hold(loop, this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends a call. */
  add(call: ClusterCall<unknown>): void {
    this.#out.set(call.id, call);
    void this.#send(call);
  }

  /** Somebody gave a call up: it is taken off the queue, or cancelled where it runs. */
  giveUp(call: ClusterCall<unknown>): void {
    if (!this.#out.delete(call.id)) return;
    // What was not sent never is.
    if (this.#isReady) void outsideTasks(() => this.#cancellations.add(call.id));
    this.#looksIdle();
  }

  /** What is done with the queue itself. */
  async withQueue<T>(act: (queue: Queue) => Promise<T>): Promise<T> {
    try {
      await this.#ready;
      return await act(this.#queue);
    } catch (error) {
      throw this.#explained(error);
    }
  }

  /** Waits until no call is out, and closes the connections. */
  async close(): Promise<void> {
    if (this.#out.size > 0) await (this.#idle ??= Promise.withResolvers<void>()).promise;
    if (this.#isReady && !this.#isClosed) await unlessUnreachable(this.#redis, this.#lastWords());
    await this.#end();
  }

  async #lastWords(): Promise<void> {
    await this.#cancellations.end();
    await this.#received.drop();
  }

  /** Cancels the calls that no worker has begun. */
  cancelWaiting(): void {
    for (const call of this.#out.values()) {
      if (call._what.isSending) call.cancel();
      else if (!call._what.isRunning) void this.#cancelUnlessBegun(call);
    }
  }

  async #cancelUnlessBegun(call: ClusterCall<unknown>): Promise<void> {
    try {
      // A worker may have it, and the news be on their way.
      if ((await this.#queue.remove(call.id)) > 0) this.#removed(call.id);
    } catch (error) {
      this.#lastError = error;
    }
  }

  loopClosed(): void {
    this.#out.clear();
    void this.#end();
  }

  async #begin(): Promise<void> {
    const { queue, prefix } = this.#place;
    await this.#queue.waitUntilReady();
    // Events from here on: what happens before the first read is not missed.
    const lastEventId = await this.#missed.begin();
    if (this.#isClosed) return;
    const events = new QueueEvents(queue, { connection: this.#redis, prefix, lastEventId });
    this.#events = events;
    events.on("error", (error) => void (this.#lastError = error));
    events.on("waiting", ({ jobId }, time) => this.#moved(jobId, "waiting", time));
    events.on("delayed", ({ jobId }, time) => this.#moved(jobId, "waiting", time));
    events.on("active", ({ jobId }, time) => this.#moved(jobId, "running", time));
    events.on("progress", ({ jobId, data }) => this.#progressed(jobId, data as Packed));
    events.on("completed", ({ jobId, returnvalue }, time) => {
      this.#moved(jobId, "done", time);
      this.#finish(jobId, returnvalue as unknown as Packed, time);
    });
    events.on("failed", ({ jobId, failedReason }, time) => {
      this.#moved(jobId, "done", time);
      void this.#failed(jobId, failedReason);
    });
    events.on("removed", ({ jobId }) => this.#removed(jobId));
    this.#redis.on("ready", () => void this.#isBack());
    this.#isReady = true;
  }

  async #send(call: ClusterCall<unknown>): Promise<void> {
    const { data, key, name } = call._submission;
    try {
      if (!this.#isReady) await this.#ready;
      if (this.#out.get(call.id) !== call) return;
      await this.#queue.add(name, data, jobOptions(call._submission, this.#settings));
      call._what.sent();
      // It may have been there, and be done.
      if (key !== undefined) await this.#look(call);
    } catch (error) {
      this.#settle(call.id)?._failed(this.#explained(error));
    }
  }

  #moved(id: string, state: "waiting" | "running" | "done", event: string): void {
    this.#missed.heard(event);
    const call = this.#out.get(id);
    if (call === undefined) this.#cancellations.moved(id, state);
    else {
      call._what.next(state, Number.parseInt(event, 10));
      if (call._lane !== null && state !== "done") void this.#showInLane(call);
    }
  }

  async #showInLane(call: ClusterCall<unknown>): Promise<void> {
    const course = call._what;
    if (course.isRunning) await this.#askWho(call);
    if (course.isRunning) call._lane?.next(call.worker ?? "a worker");
    else if (!call.done()) call._lane?.next(`the queue ${this.#place.queue}`);
  }

  #progressed(id: string, data: Packed): void {
    const call = this.#out.get(id);
    try {
      call?._progressed(unpack(data));
    } catch (error) {
      this.#lastError = error; // It is none of ours.
    }
  }

  /** @param event - the id of the event that said so. */
  #finish(id: string, result: Packed, event: string | null): void {
    const call = this.#settle(id);
    if (call === null) return;
    try {
      call.finish(unpack(result));
    } catch (error) {
      call._failed(error);
    }
    if (call._submission.key === undefined) this.#received.add(id, event);
  }

  async #failed(id: string, reason: string): Promise<void> {
    if (!this.#out.has(id)) return;
    let job: Job | undefined;
    try {
      job = await this.#queue.getJob(id);
    } catch {
      // What the event says has to do.
    }
    this.#settle(id)?._failed(whatFailed(job?.stacktrace ?? [], reason));
  }

  #removed(id: string): void {
    this.#cancellations.moved(id, "done");
    this.#settle(id)?.cancel("the call was removed from the queue");
  }

  /** Takes a call from those that are out. */
  #settle(id: string): ClusterCall<unknown> | null {
    const call = this.#out.get(id);
    if (call === undefined) return null;
    this.#out.delete(id);
    this.#looksIdle();
    return call;
  }

  #looksIdle(): void {
    if (this.#out.size === 0) this.#idle?.resolve();
  }

  /** Looks at a call in Redis: it may be done. */
  async #look(call: ClusterCall<unknown>): Promise<void> {
    const { id, key, name } = call._submission;
    const job = (await this.#queue.getJob(id)) as Job<unknown, Packed> | undefined;
    if (job === undefined) return;
    if (job.name !== name) {
      this.#settle(id)?._failed(new TypeError(`the key ${JSON.stringify(key)} is that of another call: ${job.name}`));
    } else if (job.finishedOn !== undefined) {
      if (await job.isFailed()) await this.#failed(id, job.failedReason);
      else if (this.#out.has(id)) this.#finish(id, job.returnvalue, null);
    }
  }

  /** The connection is up again: what happened meanwhile, Redis may have forgotten. */
  async #isBack(): Promise<void> {
    for (const call of this.#out.values()) call._what.lostSince = null;
    await this.#check();
  }

  /** Looks at all calls that are out. What Redis has lost is sent again: it has the same id. */
  async #check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    // What is on its way gets there: the connection sends it again by itself.
    const all = [...this.#out.values()].filter((call) => !call._what.isSending);
    for (let i = 0; i < all.length && !this.#isClosed; i += CHECKS_AT_ONCE) {
      await Promise.all(all.slice(i, i + CHECKS_AT_ONCE).map((call) => this.#checkOne(call)));
    }
    this.#isChecking = false;
  }

  async #checkOne(call: ClusterCall<unknown>): Promise<void> {
    try {
      const state = await this.#queue.getJobState(call.id);
      if (this.#out.get(call.id) !== call) return;
      if (state === "unknown") await this.#send(call);
      else if (state === "completed" || state === "failed") await this.#look(call);
    } catch (error) {
      this.#lastError = error; // It is checked again.
    }
  }

  async #nextRound(): Promise<void> {
    this.#round++;
    if (!this.#isReady || this.#redis.status !== "ready") return;
    await this.#received.drop();
    this.#cancellations.again();
    for (const call of this.#out.values()) {
      if (call._what.isRunning && call._what.worker === null && call.runTime > 0.2) void this.#askWho(call);
    }
    if (this.#out.size === 0) return;
    const isDue = this.#round % ROUNDS_PER_CHECK === 0;
    if (isDue || (this.#round % ROUNDS_PER_LOOK === 0 && (await this.#missed.any()))) await this.#check();
  }

  async #askWho(call: ClusterCall<unknown>): Promise<void> {
    try {
      // Of the job only this: its arguments may be large.
      call._what.worker = await this.#redis.hget(this.#queue.toKey(call.id), "pb");
    } catch (error) {
      this.#lastError = error;
    }
  }

  #lost(): void {
    const now = performance.now();
    for (const call of this.#out.values()) call._what.lostSince ??= now;
  }

  /** The connection is no more, and does not come back. */
  #ended(): void {
    if (this.#isClosed) return;
    const error = this.#explained(this.#lastError ?? new Error("the connection was closed"));
    for (const id of this.#out.keys()) this.#settle(id)?._failed(error);
    void this.#end();
  }

  async #end(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    letGo(this.#loop, this);
    clearInterval(this.#timer);
    try {
      await unlessUnreachable(this.#redis, this.#closeQueue());
    } catch {
      // They are closed.
    }
    disconnect(this.#redis);
  }

  async #closeQueue(): Promise<void> {
    await this.#events?.close();
    await this.#queue.close();
  }

  #explained(error: unknown): unknown {
    if (error instanceof TypeError) return error;
    return connectionError(this.#place.connection, this.#isClosed ? (this.#lastError ?? error) : error);
  }
}

function whatFailed(stacks: readonly string[], reason: string): unknown {
  try {
    const error = errorFromQueue(stacks);
    if (error !== null) return error.thrown;
  } catch {
    // It is none of ours.
  }
  return errorWithoutStack(reason);
}

/** For a call that failed without a word of its worker. */
function errorWithoutStack(reason: string): Error {
  if (reason === CANCELLED) return new CancelledError();
  return reason.startsWith("job stalled")
    ? new WorkerLostError("the workers that ran it died, or could not say that they live, more often than maxLost")
    : new Error(reason);
}
