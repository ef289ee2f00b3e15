/** `runInExecutor`, and the default executor of each loop. */
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { RuntimeError, TimeoutError } from "../exceptions.ts";
import type { Future } from "../futures.ts";
import { getRunningLoop } from "../running.ts";
import type { Seconds } from "../scheduler.ts";
import { timeout } from "../timeouts.ts";
import { Executor } from "./executor.ts";
import type { FunctionReference } from "./function-references.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import { ThreadPoolExecutor } from "./thread-pool.ts";

/** How long, in seconds, a loop that is closed waits for the jobs of its default executor, as asyncio's does. */
const THREAD_JOIN_TIMEOUT = 300;

/**
 * Calls `fn(...args)` in an executor, `null` for the loop's default one: asyncio's `run_in_executor`. Context variables
 * don't go with it, as in asyncio: see {@link toThread}. How it runs is said by {@link FunctionReference.with}, or by
 * `executor.submit(fn, args, options)` itself.
 *
 * What cancelling the future does is the executor's: see {@link ThreadPoolExecutor.submit}.
 * @throws RuntimeError after {@link shutdownDefaultExecutor}; TypeError where `fn` is a JavaScript function.
 */
export function runInExecutor<A extends unknown[], R>(
  executor: Executor | null,
  fn: FunctionReference<A, R> | URL,
  ...args: NoInfer<A>
): Future<R> {
  const chosen = executor ?? defaultExecutor(getRunningLoop());
  if (!(chosen instanceof Executor)) throw new TypeError(`an executor was expected, got ${describe(executor)}`);
  return chosen.submit<A, R>(fn, args);
}

/**
 * Sets the default executor of the running loop: asyncio's `set_default_executor`. The loop shuts it down at its end.
 * Unlike asyncio, which takes a pool of threads alone, it takes any.
 * @throws TypeError unless it is an {@link Executor}.
 */
export function setDefaultExecutor(executor: Executor): void {
  if (!(executor instanceof Executor)) throw new TypeError(`an executor was expected, got ${describe(executor)}`);
  defaultOf(getRunningLoop()).executor = executor;
}

/**
 * Waits for the jobs of the running loop's default executor, and ends its threads: asyncio's
 * `shutdown_default_executor`. `run` does this at its end.
 * @param seconds - how long to wait; what is left then is reported as a warning, and ends with the loop.
 */
export function shutdownDefaultExecutor(seconds?: Seconds): Promise<void> {
  return defaultOf(getRunningLoop()).shutdown(seconds ?? null);
}

/** The default executor of `loop`, made when first asked for. @throws RuntimeError if it was shut down. */
export function defaultExecutor(loop: EventLoop): Executor {
  const ofLoop = defaultOf(loop);
  if (ofLoop.isShutDown) throw new RuntimeError("Executor shutdown has been called");
  return (ofLoop.executor ??= new ThreadPoolExecutor());
}

const defaults = new WeakMap<EventLoop, DefaultExecutor>();

function defaultOf(loop: EventLoop): DefaultExecutor {
  let known = defaults.get(loop);
  if (known === undefined) defaults.set(loop, (known = new DefaultExecutor(loop)));
  return known;
}

/** A loop's default executor: it ends with the loop. */
class DefaultExecutor implements Resource {
  executor: Executor | null = null;
  isShutDown = false;
  readonly #loop: EventLoop;

  constructor(loop: EventLoop) {
    this.#loop = loop;
    hold(loop, this);
    const shutdownOthers = loop._shutdown.bind(loop);
    loop._shutdown = async () => {
      await shutdownOthers();
      await this.shutdown(THREAD_JOIN_TIMEOUT);
    };
  }

  async shutdown(seconds: Seconds | null): Promise<void> {
    this.isShutDown = true;
    const { executor } = this;
    if (executor !== null) {
      try {
        await timeout(seconds, () => executor.shutdown());
      } catch (thrown) {
        if (!(thrown instanceof TimeoutError)) throw thrown;
        process.emitWarning(
          `The executor did not finishing joining its threads within ${seconds} seconds.`,
          "RuntimeWarning",
        );
        return;
      }
    }
    letGo(this.#loop, this);
  }

  loopClosed(): void {
    if (this.executor instanceof ThreadPoolExecutor) this.executor._terminate();
  }
}
