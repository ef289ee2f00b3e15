/** A job for a thread, as the loop's thread sees it. */
import type { MessagePort } from "node:worker_threads";
import type { EventLoop } from "../events.ts";
import { RuntimeError, TimeoutError } from "../exceptions.ts";
import type { TimerHandle } from "../handles.ts";
import { keepShape } from "../shapes.ts";
import { findUncloneable } from "./cloning.ts";
import { type LoopSide, loopSideOf } from "./loop-port.ts";
import { Operation } from "./operation.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import type { Travelling } from "./thread-context.ts";
import { unpackError } from "./thread-errors.ts";
import { FunctionReference, NO_OPTIONS, type ThreadOptions } from "./function-references.ts";
import { GIVEN_UP, type JobMessage, type JobResult } from "./thread-worker.ts";

/** Jobs are numbered from 1 on, and from 1 on again after so many: a number has to fit in 32 bits. */
const NUMBERS = 2 ** 31 - 1;
let lastNumber = 0;

/** What a job needs of its pool. */
export interface JobPool {
  /** Somebody gave the job up before it was begun. */
  removed(job: Job): void;
  /** Ends the thread with this id. */
  endThread(threadId: number): void;
}

const NOTHING: readonly never[] = [];

/** A call of a function in a thread: a future, for whoever wants the result. */
export class Job<R = unknown> extends Operation<R> implements Resource {
  readonly transfer: readonly object[];
  readonly #args: readonly unknown[];
  readonly #variables: Travelling | null;
  readonly #number: number = (lastNumber = (lastNumber % NUMBERS) + 1);
  /** Once a thread is to take it: where the two sides see who was first. */
  #slots: Int32Array | null = null;
  #slot = 0;
  readonly #fn: FunctionReference<never[], R>;
  readonly #options: ThreadOptions;
  #timer: TimerHandle | null = null;
  /** Ports to this loop, among the arguments: they live as long as the job. */
  #ports: readonly MessagePort[] = NOTHING;
  #sides: readonly LoopSide[] = NOTHING;
  readonly #pool: JobPool;

  constructor(
    loop: EventLoop,
    fn: FunctionReference<never[], R>,
    args: readonly unknown[],
    options: ThreadOptions,
    variables: Travelling | null,
    pool: JobPool,
  ) {
    super(loop, "");
    this.#fn = fn;
    this.#args = args;
    this.#options = options;
    this.#variables = variables;
    this.#pool = pool;
    if (args.some(isObject)) this.#takeAlong();
    const { transfer } = options;
    this.transfer =
      transfer !== undefined || this.#ports.length > 0
        ? [...new Set<object>([...this.#ports, ...(transfer ?? [])])]
        : NOTHING;
    hold(loop, this);
  }

  /** Whether no thread has begun it. */
  get isWaiting(): boolean {
    return this.#slots === null || Atomics.load(this.#slots, this.#slot) === this.#number;
  }

  get hasTimeout(): boolean {
    return this.#options.timeout !== undefined;
  }

  /** A thread takes it: its time begins. @returns what is sent. */
  begin(slots: Int32Array, slot: number): JobMessage {
    this.#slots = slots;
    this.#slot = slot;
    Atomics.store(slots, slot, this.#number);
    const { timeout } = this.#options;
    if (timeout !== undefined) this.#timer = this._loop.callLater(timeout, () => this.#timeOut(timeout));
    const { module, name } = this.#fn;
    const [variables, ports] = [this.#variables, this.#ports];
    const more = variables === null && ports.length === 0 ? null : { variables, ports };
    return [module, name, this.#number, slot, more, ...this.#args];
  }

  /**
   * The thread is done with it: called in a microtask of the pool's. `undefined` stands for a job that was given up
   * before it was begun.
   */
  deliver(result: JobResult | undefined): void {
    this.#end();
    const loop = this._loop;
    if (result === undefined || loop.isClosed()) return;
    const isIdle = loop._wakeHere();
    if ("thrown" in result) this.fail(unpackError(result.thrown));
    else this.finish(result.value as R);
    if (isIdle) loop._goOnHere();
  }

  /** It was not sent, or its thread is gone. */
  break(error: unknown): void {
    this.#end();
    if (!this._loop.isClosed()) this.fail(this.#explained(error));
  }

  loopClosed(): void {
    this.#giveUpOr(true);
  }

  override _giveUp(): void {
    this.#giveUpOr(this.#options.terminateOnCancel === true);
  }

  override _purpose(): string {
    return `a thread's job: ${String(this.#fn)}`;
  }

  #takeAlong(): void {
    this.#ports = this.#args.filter((arg) => loopSideOf(arg) !== null) as MessagePort[];
    this.#sides = this.#ports.map((port) => loopSideOf(port) as LoopSide);
    for (const side of this.#sides) side.goAlong();
  }

  /** Takes it back; if a thread was first, that may be ended. */
  #giveUpOr(endThread: boolean): void {
    const slots = this.#slots;
    const before = slots === null ? this.#number : Atomics.compareExchange(slots, this.#slot, this.#number, GIVEN_UP);
    if (before === this.#number) this.#pool.removed(this);
    else if (before < 0 && endThread) this.#pool.endThread(-before);
  }

  #timeOut(seconds: number): void {
    this.fail(new TimeoutError(`${String(this.#fn)} took longer than ${seconds} s`));
    this._giveUp();
  }

  #end(): void {
    this.#timer?.cancel();
    this.#slots = null;
    letGo(this._loop, this);
    for (const side of this.#sides) {
      side.drain(); // What it called before its end comes before its end.
      side.close();
    }
  }

  /** The argument that can't be cloned. */
  #uncloneable(): string | null {
    const args = this.#args;
    for (let i = 0; i < args.length; i++) {
      const found = findUncloneable(args[i], `args[${i}]`, this.transfer);
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

function isObject(arg: unknown): boolean {
  return typeof arg === "object" && arg !== null;
}

keepShape((loop) => {
  const nothing = new FunctionReference("data:text/javascript,", "nothing") as FunctionReference<never[], unknown>;
  return new Job(loop, nothing, NOTHING, NO_OPTIONS, null, { removed: () => {}, endThread: () => {} });
});
