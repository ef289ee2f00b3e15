/** A job for a thread, as the loop's thread sees it. */
import type { MessagePort } from "node:worker_threads";
import type { EventLoop } from "../events.ts";
import { RuntimeError } from "../exceptions.ts";
import { findUncloneable } from "./cloning.ts";
import { type LoopSide, loopSideOf } from "./loop-port.ts";
import { Operation } from "./operation.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import type { Travelling } from "./thread-context.ts";
import { unpackError } from "./thread-errors.ts";
import type { ThreadFunction } from "./thread-functions.ts";
import { GIVEN_UP, type JobMessage, type JobResult, WAITING } from "./thread-worker.ts";

/** A call of a function in a thread. */
export class Job<R = unknown> implements Resource {
  /** Whoever wants the result waits for this. */
  readonly operation: Operation<R>;
  readonly message: JobMessage;
  readonly transfer: readonly object[];
  readonly #fn: ThreadFunction<never[], R>;
  readonly #loop: EventLoop;
  readonly #sides: readonly LoopSide[];
  readonly #terminator = new AbortController();
  readonly #removed: (job: Job<R>) => void;

  /** @param removed - called when somebody gave up before it was begun. */
  constructor(
    loop: EventLoop,
    fn: ThreadFunction<never[], R>,
    args: readonly unknown[],
    variables: Travelling | null,
    removed: (job: Job<R>) => void,
  ) {
    const ports = args.filter((arg) => loopSideOf(arg) !== null) as MessagePort[];
    const state = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.message = { module: fn.module, name: fn.name, args, variables, ports, state };
    this.transfer = [...new Set<object>([...ports, ...(fn.options.transfer ?? [])])];
    this.operation = new Operation(loop, `a thread's job: ${String(fn)}`, () => this.#giveUp());
    this.#fn = fn;
    this.#loop = loop;
    this.#sides = ports.map((port) => loopSideOf(port) as LoopSide);
    for (const side of this.#sides) side.goAlong();
    this.#removed = removed;
    hold(loop, this);
  }

  /** Aborts when it is to be taken back: see {@link terminate}. */
  get signal(): AbortSignal {
    return this.#terminator.signal;
  }

  /** Whether no thread has begun it. */
  get isWaiting(): boolean {
    return Atomics.load(this.message.state, 0) === WAITING;
  }

  /** The thread is done with it. `undefined` stands for a job that was given up before it was begun. */
  finish(result: JobResult | undefined): void {
    this.#end();
    if (result === undefined || this.#loop.isClosed()) return;
    if ("thrown" in result) this.operation.fail(unpackError(result.thrown));
    else this.operation.finish(result.value as R);
  }

  /** It was not sent, or its thread is gone. */
  fail(error: unknown): void {
    this.#end();
    if (!this.#loop.isClosed()) this.operation.fail(this.#explained(error));
  }

  /** Takes it back, and ends its thread if it was begun. */
  terminate(): void {
    this.#terminator.abort();
  }

  loopClosed(): void {
    this.terminate();
  }

  #giveUp(): void {
    if (Atomics.compareExchange(this.message.state, 0, WAITING, GIVEN_UP) === WAITING) this.#removed(this);
    else if (this.#fn.options.terminateOnCancel === true) this.terminate();
  }

  #end(): void {
    letGo(this.#loop, this);
    for (const side of this.#sides) {
      side.drain(); // What it called before its end comes before its end.
      side.close();
    }
  }

  /** The argument that can't be cloned. */
  #uncloneable(): string | null {
    const { args } = this.message;
    for (let i = 0; i < args.length; i++) {
      const found = findUncloneable(args[i], `argument ${i + 1}`, this.transfer);
      if (found !== null) return found;
    }
    return null;
  }

  /** @returns the pool's error in our words. */
  #explained(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const fn = String(this.#fn);
    if (error.name === "DataCloneError") {
      const why = this.#uncloneable() ?? error.message;
      return new DOMException(`the arguments of ${fn} can't be sent to a thread: ${why}`, {
        name: "DataCloneError",
        cause: error,
      });
    }
    const code = EXITED.exec(error.message)?.[1];
    if (code !== undefined) {
      return new RuntimeError(
        `the thread ended with exit code ${code} before ${fn} was done: does it call process.exit()?`,
        { cause: error },
      );
    }
    if ((error as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY") {
      error.message = `the thread of ${fn} ran out of memory (${error.message}): see resourceLimits`;
    }
    return error;
  }
}

/** The pool's words for a thread that ended. */
const EXITED = /^worker exited with code: (\d+)$/;
