/** `ClusterCall`: the future of a call on another machine. */
import { CancelledError, type EventLoop, Queue, type Seconds } from "turnwise";
import { isWatched, Operation } from "turnwise/executor";
import type { ClusterCallOptions } from "./job-options.ts";
import { Lane } from "./lane.ts";
import type { CallData } from "./wire.ts";

/** What is sent to the queue, and under which name it lies there. */
export interface Submission {
  /** BullMQ's id of the job. */
  readonly id: string;
  readonly key: string | undefined;
  /** The function in words: "resize in my-app/src/images.ts". */
  readonly name: string;
  readonly data: CallData;
  readonly options: ClusterCallOptions;
}

/** The result of a call on another machine, which is not there yet. */
export class ClusterCall<R> extends Operation<R> {
  /** Its id in the queue. */
  readonly id: string;
  /** @internal */
  readonly _submission: Submission;
  /** @internal What Turnwise's tools show of it. */
  readonly _what: Course;
  /** @internal So that they show it behind a `gather`, too. */
  readonly _isAway = true;
  /** @internal Where the loop is recorded. */
  readonly _lane: Lane | null;
  readonly #readers = new Set<Queue<unknown>>();
  #lastProgress: { readonly value: unknown } | null = null;

  /** @internal @param giveUp - called when it is cancelled. */
  constructor(loop: EventLoop, submission: Submission, giveUp: (call: ClusterCall<R>) => void) {
    const course = new Course(submission.name);
    super(
      loop,
      () => String(course),
      () => giveUp(this),
    );
    this.id = submission.id;
    this._submission = submission;
    this._what = course;
    this._lane = isWatched(loop) ? new Lane(loop, submission.name) : null;
    if (this._lane !== null) this.addDoneCallback(() => this._lane?.end());
  }

  /** How long it was on the queue, all its attempts together; so far, if it is. In seconds. */
  get queueTime(): Seconds {
    return this._what.queueTime;
  }

  /** How long it ran, all its attempts together; so far, if it runs. In seconds. */
  get runTime(): Seconds {
    return this._what.runTime;
  }

  /** Who runs it, or ran it last: "host:pid". Null while that is not known: it is asked for only if it takes a while. */
  get worker(): string | null {
    return this._what.worker;
  }

  /**
   * What the function reports with `reportProgress`, from the last report on; it ends with the call, and throws nothing.
   * `for await (const percent of call.progress()) bar.update(percent);`
   */
  async *progress(): AsyncGenerator<unknown, void, undefined> {
    const reports = new Queue<{ readonly value: unknown }>();
    if (this.#lastProgress !== null) reports.putNowait(this.#lastProgress);
    if (this.done()) reports.shutdown();
    this.#readers.add(reports);
    this.addDoneCallback(() => reports.shutdown());
    try {
      for await (const { value } of reports) yield value;
    } finally {
      this.#readers.delete(reports);
    }
  }

  /** @internal The function reported something. */
  _progressed(value: unknown): void {
    this.#lastProgress = { value };
    for (const reader of this.#readers) reader.putNowait(this.#lastProgress);
  }

  /** @internal It failed there, or was cancelled by somebody else. */
  _failed(thrown: unknown): void {
    if (thrown instanceof CancelledError) super.cancel(thrown.message || undefined);
    else this.fail(thrown);
  }
}

/** Where a call is on its way: sent, on the queue, running, done. */
export class Course {
  worker: string | null = null;
  readonly #name: string;
  #state: "sending" | "waiting" | "running" | "done" = "sending";
  /** When the state began: by Redis' clock, in ms since 1970, and by ours. */
  #began: number | null = null;
  #seen: number = performance.now();
  #queued = 0;
  #ran = 0;
  /** Since when Redis is out of reach, if it is: by our clock. */
  lostSince: number | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  /** Whether Redis has not said that it has the call. */
  get isSending(): boolean {
    return this.#state === "sending";
  }

  /** Redis has it. The news of that may be lost. */
  sent(): void {
    if (this.isSending) this.next("waiting", Date.now());
  }

  get queueTime(): Seconds {
    return (this.#queued + (this.#state === "waiting" ? performance.now() - this.#seen : 0)) / 1000;
  }

  get runTime(): Seconds {
    return (this.#ran + (this.isRunning ? performance.now() - this.#seen : 0)) / 1000;
  }

  /** @param time - by Redis' clock, in ms. */
  next(state: "waiting" | "running" | "done", time: number): void {
    if (this.#began !== null && state !== this.#state) {
      const took = Math.max(0, time - this.#began); // The clocks of two machines may differ.
      if (this.#state === "waiting") this.#queued += took;
      else if (this.#state === "running") this.#ran += took;
    }
    if (state === "waiting") this.worker = null;
    this.#state = state;
    this.#began = time;
    this.#seen = performance.now();
  }

  toString(): string {
    const lost = this.lostSince === null ? "" : `, Redis out of reach for ${shown(performance.now() - this.lostSince)}`;
    return `${this.#name}, ${this.#where()}${lost}`;
  }

  #where(): string {
    switch (this.#state) {
      case "sending":
        return "on its way to the queue";
      case "waiting":
        return `on the queue for ${shown(this.queueTime * 1000)}`;
      case "running":
        return `running for ${shown(this.runTime * 1000)}${this.worker === null ? "" : ` on ${this.worker}`}`;
      case "done":
        return "done";
    }
  }
}

function shown(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
