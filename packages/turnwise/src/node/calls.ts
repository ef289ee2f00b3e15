/** What executors do alike with a call's options: its key, its signal, and trying again. */
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { Future, PENDING, RESULT } from "../futures.ts";
import type { TimerHandle } from "../handles.ts";
import { getRunningLoop } from "../running.ts";
import type { Seconds } from "../scheduler.ts";
import { describeAbort, whenAborted } from "../signals.ts";
import type { Backoff, CallOptions } from "./executor.ts";

/** The calls that an executor has out. */
export class Calls {
  readonly #byKey = new Map<string, Future<unknown>>();

  /**
   * The call that is out with this key, or a new one.
   * @param begin - starts it.
   */
  start<F extends Future<unknown>>({ key, signal }: CallOptions, begin: () => F): F {
    const known = key === undefined ? undefined : this.#byKey.get(key);
    const isOut = known?.done() === false && known.getLoop() === getRunningLoop();
    const call = isOut ? (known as F) : begin();
    if (key !== undefined && !isOut) {
      this.#byKey.set(key, call);
      call.addDoneCallback(() => {
        if (this.#byKey.get(key) === call) this.#byKey.delete(key);
      });
    }
    if (signal !== undefined) {
      const forget = whenAborted(signal, (reason) => call.cancel(describeAbort(reason)));
      call.addDoneCallback(forget);
    }
    return call;
  }
}

/** @throws RangeError, TypeError where an option is not what it should be. */
export function checkCallOptions({ key, retries, backoff, timeout, signal }: CallOptions): void {
  if (key !== undefined && (typeof key !== "string" || key === "")) {
    throw new TypeError(`key must be a string that is not empty, got ${describe(key)}`);
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError(`signal must be an AbortSignal, got ${describe(signal)}`);
  }
  if (retries !== undefined && (!Number.isInteger(retries) || retries < 0)) {
    throw new RangeError(`retries must be a whole number, 0 or more, got ${describe(retries)}`);
  }
  checkSeconds("timeout", timeout);
  if (backoff !== undefined) checkBackoff(backoff);
}

function checkBackoff(backoff: Backoff): void {
  const { delay, type, jitter } = backoff;
  if (!(typeof delay === "number" && delay >= 0 && delay < Infinity)) {
    throw new RangeError(`backoff.delay must be a finite number of seconds, 0 or more, got ${describe(delay)}`);
  }
  if (type !== undefined && type !== "fixed" && type !== "exponential") {
    throw new TypeError(`backoff.type must be "fixed" or "exponential", got ${describe(type)}`);
  }
  if (jitter !== undefined && !(jitter >= 0 && jitter <= 1)) {
    throw new RangeError(`backoff.jitter must be a number from 0 to 1, got ${describe(jitter)}`);
  }
}

function checkSeconds(what: string, seconds: Seconds | undefined): void {
  if (seconds !== undefined && !(typeof seconds === "number" && seconds >= 0)) {
    throw new RangeError(`${what} must be a number of seconds, 0 or more, got ${describe(seconds)}`);
  }
}

/** A call that begins again while it fails, as often as `retries` says. */
export class Attempts<R> extends Future<R> {
  readonly #name: string;
  readonly #begin: () => Future<R>;
  readonly #backoff: Backoff | undefined;
  readonly #retries: number;
  #failed = 0;
  #attempt: Future<R> | null = null;
  #timer: TimerHandle | null = null;

  /**
   * @param name - of what is called, in words.
   * @param begin - starts an attempt.
   */
  constructor(loop: EventLoop, name: string, { retries = 0, backoff }: CallOptions, begin: () => Future<R>) {
    super(loop);
    this.#name = name;
    this.#begin = begin;
    this.#retries = retries;
    this.#backoff = backoff;
    this.#try();
  }

  override cancel(msg?: string): boolean {
    if (this._state !== PENDING) return false;
    // What runs may clean up first.
    if (this.#attempt?.cancel(msg) === true) return true;
    this.#timer?.cancel();
    return super.cancel(msg);
  }

  /** Whether it waits to be tried again. */
  get isBetween(): boolean {
    return this.#attempt === null;
  }

  override _purpose(): string {
    return this.#attempt?._purpose() ?? `${this.#name}, to be tried again`;
  }

  override _blockers(): readonly Future<unknown>[] {
    return this.#attempt === null ? [] : [this.#attempt as Future<unknown>];
  }

  #try(): void {
    this.#timer = null;
    this.#attempt = this.#begin();
    this.#attempt.addDoneCallback((attempt) => this.#follow(attempt));
  }

  #follow(attempt: Future<R>): void {
    if (this._state !== PENDING) return;
    this.#attempt = null;
    if (attempt.cancelled()) {
      super.cancel(attempt._cancelledError().message || undefined);
      return;
    }
    // What was thrown may be null.
    const error = attempt.exception();
    if (attempt._state === RESULT) this.setResult(attempt.result());
    else if (this.#failed++ < this.#retries && !isRefusal(error)) {
      this.#timer = this._loop.callLater(waitBefore(this.#failed, this.#backoff), () => this.#try());
    } else this.setException(error);
  }
}

/** What can't be sent can't be sent the next time either. */
function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === "DataCloneError";
}

/** How long to wait before the retry of this number, from 1. */
function waitBefore(retry: number, backoff: Backoff | undefined): Seconds {
  if (backoff === undefined) return 0;
  const { delay, type = "fixed", jitter = 0 } = backoff;
  const whole = type === "exponential" ? delay * 2 ** (retry - 1) : delay;
  return whole * (1 - jitter * Math.random());
}
