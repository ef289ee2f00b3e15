/** `timeout`: a body that must be done by a deadline. */
import type { Seconds } from "./scheduler.ts";
import { asCancellation, RuntimeError, TimeoutError } from "./exceptions.ts";
import type { Handle } from "./handles.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { describeAbort, whenAborted } from "./signals.ts";
import type { Task } from "./tasks.ts";
import { checkTime } from "./times.ts";

/** How a scope is made. */
export interface ScopeOptions {
  /** When it aborts, the body is cancelled and the scope throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `body` for at most `delay` seconds (`null`: with no limit) in the current task: `asyncio.timeout`.
 *
 * When the time is up, the body is cancelled at the `await` where it waits, and once it has cleaned up
 * {@link TimeoutError} is thrown. A cancellation from elsewhere passes through as it is.
 *
 * ```ts
 * const user = await timeout(5, () => fetchUser(1));
 * await timeout(5, async (scope) => {
 *   await connect();
 *   scope.reschedule(getRunningLoop().time() + 5);
 *   await read();
 * });
 * ```
 *
 * @throws TimeoutError if the time is up; RuntimeError outside a task.
 */
export function timeout<T>(
  delay: Seconds | null,
  body: (scope: Timeout) => PromiseLike<T>,
  options?: ScopeOptions,
): Promise<T> {
  return runUntil("delay", delay, body, options);
}

/** {@link timeout} with a point of the loop's time, in seconds, as the deadline: `asyncio.timeout_at`. */
export function timeoutAt<T>(
  when: Seconds | null,
  body: (scope: Timeout) => PromiseLike<T>,
  options?: ScopeOptions,
): Promise<T> {
  return runUntil("when", when, body, options);
}

async function runUntil<T>(
  what: "delay" | "when",
  time: Seconds | null,
  body: (scope: Timeout) => PromiseLike<T>,
  options: ScopeOptions | undefined,
): Promise<T> {
  if (time !== null) checkTime(what, time);
  if (typeof body !== "function") throw new TypeError("the body must be a function: timeout(5, async () => ...)");
  options?.signal?.throwIfAborted();
  const when = time === null || what === "when" ? time : getRunningLoop().time() + time;
  const scope = new Timeout(when, options?.signal);
  let result: T;
  try {
    result = await body(scope);
  } catch (thrown) {
    throw scope._exit(thrown);
  }
  scope._exit(undefined);
  return result;
}

type State = "active" | "expiring" | "expired" | "finished";

/** The scope that {@link timeout} gives to its body: `asyncio.Timeout`. */
export class Timeout {
  #when: Seconds | null;
  #state: State = "active";
  #handle: Handle | null = null;
  readonly #task: Task<unknown>;
  /** How many requests to cancel the task had before: those are not ours. */
  readonly #cancelling: number;
  #forgetSignal: (() => void) | null = null;
  #abort: { reason: unknown } | null = null;

  /** @internal */
  constructor(when: Seconds | null, signal: AbortSignal | undefined) {
    const task = currentTask();
    if (task === null) throw new RuntimeError("Timeout should be used inside a task");
    this.#task = task;
    this.#cancelling = task.cancelling();
    this.#when = when;
    this.reschedule(when);
    if (signal !== undefined) this.#listenTo(signal);
  }

  /** The deadline, a point of the loop's time in seconds; `null` for none. */
  when(): Seconds | null {
    return this.#when;
  }

  /**
   * Moves the deadline; `null` takes it away. A deadline that has passed cancels the body at its next turn.
   * @throws RuntimeError if the deadline has struck, or the body is over.
   */
  reschedule(when: Seconds | null): void {
    if (this.#state !== "active") {
      throw new RuntimeError(`Cannot change state of ${this.#state} Timeout`);
    }
    if (when !== null) checkTime("when", when);
    this.#when = when;
    this.#handle?.cancel();
    this.#handle = null;
    if (when === null) return;
    const loop = this.#task.getLoop();
    this.#handle = when <= loop.time() ? loop.callSoon(this.#expire) : loop.callAt(when, this.#expire);
  }

  /** Whether the deadline has struck. */
  expired(): boolean {
    return this.#state === "expiring" || this.#state === "expired";
  }

  toString(): string {
    const when = this.#state === "active" ? ` when=${this.#when === null ? "null" : this.#when.toFixed(3)}` : "";
    return `<Timeout [${this.#state}]${when}>`;
  }

  #listenTo(signal: AbortSignal): void {
    this.#forgetSignal = whenAborted(signal, (reason) => {
      this.#abort = { reason };
      this.#task.cancel(describeAbort(reason));
    });
  }

  readonly #expire = (): void => {
    this.#state = "expiring";
    this.#handle = null;
    this.#task.cancel();
  };

  /** @internal The body is over. @returns what to throw instead of what the body threw. */
  _exit(thrown: unknown): unknown {
    this.#handle?.cancel();
    this.#handle = null;
    this.#forgetSignal?.();
    const expiring = this.#state === "expiring";
    this.#state = expiring ? "expired" : "finished";
    // Each request to cancel that was ours is taken back. If none is left from outside, the cancellation was ours.
    if (this.#abort !== null) this.#task.uncancel();
    if (expiring) this.#task.uncancel();
    if (this.#abort === null && !expiring) return thrown;
    const cancellation = asCancellation(thrown);
    if (cancellation === null || this.#task.cancelling() > this.#cancelling) return thrown;
    return expiring ? new TimeoutError("", { cause: cancellation }) : this.#abort?.reason;
  }
}
