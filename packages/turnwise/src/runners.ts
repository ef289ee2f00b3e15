/** `run` and `Runner`: from a program's top level into the loop, and out again with nothing left behind. */
import { currentScope } from "#async-context";
import { type Context, copyContext } from "./contextvars.ts";
import type { AwaitableLike } from "./coroutines.ts";
import { EventLoop } from "./events.ts";
import { CancelledError, KeyboardInterrupt, RuntimeError } from "./exceptions.ts";
import { watchFloating } from "#floating";
import { type Future, whenDone } from "./futures.ts";
import { gather } from "./gather.ts";
import { onInterrupt } from "#interrupt";
import { node } from "./process.ts";
import type { Task } from "./tasks.ts";

/** How {@link run} and {@link Runner} make their loop. */
export interface RunnerOptions {
  /** asyncio's debug mode; by default on if the environment has `TURNWISE_DEBUG=1`. */
  readonly debug?: boolean | undefined;
  /** Makes the loop; by default a new {@link EventLoop}. */
  readonly loopFactory?: (() => EventLoop) | undefined;
}

/** How {@link run} runs. */
export interface RunOptions extends RunnerOptions {
  /** When it aborts, the main task is cancelled. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `main` on a new event loop, and gives its result: `asyncio.run`. Usually a program's only call at the top level:
 * `await run(main)`.
 *
 * At the end what is left running is cancelled and awaited, and the loop is closed. Until then the process stays
 * alive. Ctrl-C cancels the main task, which may clean up; `run` then rejects with {@link KeyboardInterrupt}. A second
 * Ctrl-C ends the process at once.
 *
 * @throws RuntimeError inside a running loop; whatever `main` throws.
 */
export async function run<T>(main: AwaitableLike<T>, options: RunOptions = {}): Promise<T> {
  if (currentScope()?._loop?.isRunning() === true) {
    throw new RuntimeError("asyncio.run() cannot be called from a running event loop: await the function instead");
  }
  const runner = new Runner(options);
  try {
    return await runner.run(main, { signal: options.signal });
  } finally {
    await runner.close();
  }
}

/**
 * {@link run} in parts: several calls of `run` on one loop, in one context: `asyncio.Runner`. Close it at the end, or
 * make it with `await using`.
 */
export class Runner implements AsyncDisposable {
  readonly #options: RunnerOptions;
  #loop: EventLoop | null = null;
  #context: Context | null = null;
  #closed = false;

  constructor(options: RunnerOptions = {}) {
    this.#options = options;
  }

  /**
   * Runs `main` to its end. @throws RuntimeError if this is closed, or called in a running loop;
   * KeyboardInterrupt after Ctrl-C; whatever `main` throws.
   */
  async run<T>(
    main: AwaitableLike<T>,
    options: { readonly context?: Context | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    if (currentScope()?._loop?.isRunning() === true) {
      throw new RuntimeError("Runner.run() cannot be called from a running event loop");
    }
    const loop = this.getLoop();
    if (loop.isRunning()) throw new RuntimeError("This event loop is already running");
    const context = options.context ?? this.#context ?? undefined;
    const task = loop.createTask(main, { context, signal: options.signal });
    let interrupted = false;
    const ignoreFloating = watchFloating(loop);
    const forget = onInterrupt(() => {
      if (task.done()) return "end";
      interrupted = true;
      task.cancel();
      return "handled";
    });
    try {
      return await loop.runUntilComplete(task);
    } catch (thrown) {
      if (thrown instanceof CancelledError && interrupted && task.uncancel() === 0) {
        throw new KeyboardInterrupt("", { cause: thrown });
      }
      throw thrown;
    } finally {
      await loop._hostTurn(); // A Ctrl-C that came while the last step blocked the thread is heard now.
      forget();
      ignoreFloating();
    }
  }

  /** The loop that it runs on. @throws RuntimeError if this is closed. */
  getLoop(): EventLoop {
    if (this.#closed) throw new RuntimeError("Runner is closed");
    if (this.#loop === null) {
      this.#loop = this.#options.loopFactory?.() ?? new EventLoop();
      if (this.#options.debug !== undefined) this.#loop.setDebug(this.#options.debug);
      this.#context = copyContext();
    }
    return this.#loop;
  }

  /** Cancels what is left, waits for it, and closes the loop. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const loop = this.#loop;
    this.#closed = true;
    this.#loop = null;
    if (loop === null) return;
    try {
      await cancelAll(loop);
      // Callbacks that are left get the turns that asyncio takes to shut down its generators, and then its executor.
      await loop.runUntilComplete(async () => {});
      await loop.runUntilComplete(() => loop._shutdown());
    } finally {
      loop.close();
    }
  }

  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Cancels every task of a loop that stopped, and runs it until they are done. */
async function cancelAll(loop: EventLoop): Promise<void> {
  const left: Task<unknown>[] = [...loop.allTasks()];
  if (left.length === 0) return;
  for (const task of left) task.cancel();
  await untilDoneOrLost(loop, gather(left, { returnExceptions: true }));
  for (const task of left) {
    if (task.cancelled() || !task.done()) continue;
    const exception = task.exception();
    if (exception === null) continue;
    loop.callExceptionHandler({
      message: "unhandled exception during asyncio.run() shutdown",
      exception,
      task,
    });
  }
}

/** Loops that wait for what may never come; stopped once nothing is left in the process that could bring it. */
const waiting = new Set<EventLoop>();
let hearsTheEnd = false;

/**
 * Runs until all are done, or can't be any more: what they wait for are promises that are not ours, and nothing is left
 * in the process that could settle them.
 */
async function untilDoneOrLost(loop: EventLoop, all: Future<unknown>): Promise<void> {
  if (!hearsTheEnd) node?.on("beforeExit", () => waiting.forEach((lost) => lost.stop()));
  hearsTheEnd = true;
  waiting.add(loop);
  whenDone(all, () => loop.stop());
  const stopped = loop.runForever();
  loop._letExit();
  await stopped.finally(() => waiting.delete(loop));
}
