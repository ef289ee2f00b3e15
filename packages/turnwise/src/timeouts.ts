/** `timeout`: a body that must be done by a deadline. */
import type { Seconds } from "./scheduler.ts";
import { describe } from "./describe.ts";
import { asCancellation, RuntimeError, TimeoutError } from "./exceptions.ts";
import type { Handle } from "./handles.ts";
import { currentTask, getRunningLoop } from "./running.ts";
import { describeAbort, whenAborted } from "./signals.ts";
import type { Task } from "./tasks.ts";

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
export async function timeout<T>(
  delay: Seconds | null,
  body: (scope: Timeout) => PromiseLike<T>,
  options: ScopeOptions = {},
): Promise<T> {
  checkTime("delay", delay);
  return await timeoutAt(delay === null ? null : getRunningLoop().time() + delay, body, options);
}

/** {@link timeout} with a point of the loop's time, in seconds, as the deadline: `asyncio.timeout_at`. */
export async function timeoutAt<T>(
  when: Seconds | null,
  body: (scope: Timeout) => PromiseLike<T>,
  options: ScopeOptions = {},
): Promise<T> {
  if (typeof body !== "function") throw new TypeError("the body must be a function: timeout(5, async () => { ... })");
  options.signal?.throwIfAborted();
  const scope = new Timeout(when, options.signal);
  let result: T;
  try {
    result = await body(scope);
  } catch (thrown) {
    throw scope._exit(thrown);
  }
  scope._exit(undefined);
  return result;
}

function checkTime(what: string, time: unknown): void {
  if (time !== null && (typeof time !== "number" || Number.isNaN(time))) {
    throw new TypeError(`${what} must be a number of seconds or null, got ${describe(time)}`);
  }
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
  readonly #forgetSignal: () => void;
  #abort: { reason: unknown } | null = null;

  /** @internal */
  constructor(when: Seconds | null, signal: AbortSignal | undefined) {
    const task = currentTask();
    if (task === null) throw new RuntimeError("Timeout should be used inside a task");
    this.#task = task;
    this.#cancelling = task.cancelling();
    this.#when = when;
    this.reschedule(when);
    this.#forgetSignal =
      signal === undefined
        ? () => {}
        : whenAborted(signal, (reason) => {
            this.#abort = { reason };
            task.cancel(describeAbort(reason));
          });
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
    checkTime("when", when);
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

  readonly #expire = (): void => {
    this.#state = "expiring";
    this.#handle = null;
    this.#task.cancel();
  };

  /** @internal The body is over. @returns what to throw instead of what the body threw. */
  _exit(thrown: unknown): unknown {
    this.#handle?.cancel();
    this.#handle = null;
    this.#forgetSignal();
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
