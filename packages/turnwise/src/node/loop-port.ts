/** From another thread into the loop: `callSoonThreadsafe` and `runCoroutineThreadsafe`, through a port. */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { runInScope } from "#async-context";
import { type Context, copyContext } from "../contextvars.ts";
import type { EventLoop } from "../events.ts";
import { RuntimeError } from "../exceptions.ts";
import { whenDone } from "../futures.ts";
import { getRunningLoop } from "../running.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import { packError, type PackedError, unpackError } from "./thread-errors.ts";

/** Functions of the loop's thread, by the names under which another thread calls them. */
export type LoopFunctions<F> = { readonly [K in keyof F]: (...args: never[]) => unknown };

declare const carried: unique symbol;

/** Another thread's way to the functions `F` on a loop. A `MessagePort`: it can be sent to one thread. */
export type LoopPort<F> = MessagePort & { readonly [carried]?: F };

type Arguments<T> = T extends (...args: infer A) => unknown ? A : never;
type Result<T> = T extends (...args: never[]) => infer R ? Awaited<R> : never;

/** What goes to the loop. With an `id` a reply is wanted. */
interface Call {
  readonly id?: number;
  readonly name: string;
  readonly args: readonly never[];
}

/** What comes back. */
type Reply = { readonly id: number } & ({ readonly value: unknown } | { readonly thrown: PackedError });

/**
 * A port through which another thread calls `functions` on the running loop, with what can be cloned. As an argument of
 * a thread's function it is sent along by itself, and lasts as long as that; to a thread of another kind it must be
 * transferred. The functions run in a copy of the current context.
 *
 * ```ts
 * const port = loopPort({ progress: (done: number) => bar.update(done) });
 * await toThread(resize, file, port); // In resize: callSoonThreadsafe(port, "progress", 0.5)
 * ```
 */
export function loopPort<F extends LoopFunctions<F>>(functions: F): LoopPort<F> {
  const { port1, port2 } = runInScope(undefined, () => new MessageChannel());
  sides.set(port2, new LoopSide(getRunningLoop(), port1, functions as Functions));
  return port2;
}

/**
 * In another thread: calls the function of that name as a callback of the loop, after those that were called before:
 * asyncio's `call_soon_threadsafe`. It does not wait, and works in code that blocks its thread. Once the loop is closed
 * nothing happens.
 * @throws DataCloneError where an argument can't be cloned.
 */
export function callSoonThreadsafe<F, K extends keyof F & string>(
  port: LoopPort<F>,
  name: K,
  ...args: Arguments<F[K]>
): void {
  port.postMessage({ name, args });
}

/**
 * In another thread: calls the function of that name in a task of the loop, and gives its result or its error:
 * asyncio's `run_coroutine_threadsafe`. Whoever waits must not block his thread.
 * @throws RuntimeError where the loop is closed before; DataCloneError where an argument can't be cloned.
 */
export function runCoroutineThreadsafe<F, K extends keyof F & string>(
  port: LoopPort<F>,
  name: K,
  ...args: Arguments<F[K]>
): Promise<Result<F[K]>> {
  let known = replies.get(port);
  if (known === undefined) replies.set(port, (known = new Replies(port)));
  return known.call(name, args) as Promise<Result<F[K]>>;
}

type Functions = Readonly<Record<string, (...args: never[]) => unknown>>;

const sides = new WeakMap<object, LoopSide>();

/** The loop's side of a port that {@link loopPort} made; null for anything else. */
export function loopSideOf(port: unknown): LoopSide | null {
  return (typeof port === "object" && port !== null && sides.get(port)) || null;
}

/** The loop's end of a port. */
export class LoopSide implements Resource {
  readonly #loop: EventLoop;
  readonly #port: MessagePort;
  readonly #functions: Functions;
  readonly #context: Context = copyContext();
  #isGone = false;

  constructor(loop: EventLoop, port: MessagePort, functions: Functions) {
    this.#loop = loop;
    this.#port = port;
    this.#functions = functions;
    hold(loop, this);
    runInScope(undefined, () => {
      port.on("message", (call: Call) => this.#deliver(call));
      port.on("close", () => letGo(loop, this));
    });
    port.unref(); // The loop keeps the process alive, as long as it runs.
  }

  /** The other end goes with a job, and is closed when that ends. @throws RuntimeError if it went with another. */
  goAlong(): void {
    if (this.#isGone) throw new RuntimeError("this loopPort went with another job: make one for each");
    this.#isGone = true;
  }

  /** Delivers what was sent and has not come yet. */
  drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port) as { message: Call } | undefined;
      if (received === undefined) return;
      this.#deliver(received.message);
    }
  }

  /** No calls any more; what runs, runs on. */
  close(): void {
    letGo(this.#loop, this);
    this.#port.close();
  }

  loopClosed(): void {
    this.#port.close();
  }

  #deliver({ id, name, args }: Call): void {
    if (this.#loop.isClosed()) return;
    const fn = Object.hasOwn(this.#functions, name) ? this.#functions[name] : undefined;
    const missing = fn === undefined ? new RuntimeError(`the loop's port has no function "${name}"`) : null;
    if (id !== undefined) {
      if (fn === undefined) this.#port.postMessage({ id, thrown: packError(missing) });
      else this.#loop.callSoonIn({ context: this.#context }, this.#start, id, fn, args);
      return;
    }
    try {
      if (fn === undefined) throw missing;
      this.#loop.callSoonIn({ context: this.#context }, fn, ...args);
    } catch (exception) {
      this.#loop._report({ message: `Error in callSoonThreadsafe() from a thread: ${name}`, exception });
    }
  }

  /** Starts the task whose result is wanted. */
  readonly #start = (id: number, fn: (...args: never[]) => unknown, args: readonly never[]): void => {
    const task = this.#loop.createTask(async () => fn(...args));
    whenDone(task, () => {
      let reply: Reply;
      try {
        reply = { id, value: task.result() };
      } catch (thrown) {
        reply = { id, thrown: packError(thrown) };
      }
      try {
        this.#port.postMessage(reply);
      } catch (thrown) {
        this.#port.postMessage({ id, thrown: packError(thrown) }); // The result can't be cloned.
      }
    });
  };
}

const replies = new WeakMap<object, Replies>();

/** In the other thread: the calls through one port that wait for a reply. */
class Replies {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(reason: unknown): void }>();
  #last = 0;
  #closed = false;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (reply: Reply) => this.#settle(reply));
    port.on("close", () => this.#close());
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    const promise = new Promise<unknown>((resolve, reject) => {
      if (this.#closed) throw closedError();
      const id = ++this.#last;
      this.#port.postMessage({ id, name, args });
      this.#port.ref(); // Only while somebody waits does it keep this thread alive.
      this.#waiting.set(id, { resolve, reject });
    });
    promise.catch(() => {}); // Who does not wait need not hear of an error, as in asyncio.
    return promise;
  }

  #settle(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#port.unref();
    if ("thrown" in reply) waiting?.reject(unpackError(reply.thrown));
    else waiting?.resolve(reply.value);
  }

  #close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting.values()) waiting.reject(closedError());
    this.#waiting.clear();
  }
}

function closedError(): RuntimeError {
  return new RuntimeError(
    "the port to the loop is closed: the loop is, or the job that the port was sent with is over",
  );
}
