/** `StreamHandlers`: the tasks that serve the connections of one server. */
import type { EventLoop } from "../events.ts";
import { Observer } from "../futures.ts";
import { currentTask } from "../running.ts";
import type { Task } from "../tasks.ts";
import { isThenable } from "../thenable.ts";
import { wait } from "../wait.ts";
import type { StreamReader } from "./stream-reader.ts";
import type { StreamWriter } from "./stream-writer.ts";

/**
 * Serves one connection. An async function has it for as long as it runs: then the connection is closed. A plain one
 * passes the two on, and whoever gets them closes.
 */
export type StreamHandler = (reader: StreamReader, writer: StreamWriter) => PromiseLike<void> | void;

const DONE: Promise<void> = Promise.resolve();

/** Starts a task for each connection, closes the connection when the task is over, and can end them all. */
export class StreamHandlers {
  readonly #loop: EventLoop;
  readonly #handler: StreamHandler;
  readonly #running = new Map<Task<unknown>, StreamWriter>();
  readonly #whenOver = new Observer((task) => this.#over(task as Task<unknown>));

  constructor(loop: EventLoop, handler: StreamHandler) {
    this.#loop = loop;
    this.#handler = handler;
  }

  start(reader: StreamReader, writer: StreamWriter): void {
    const task = this.#loop.createTask(() => this.#call(reader, writer)) as Task<unknown>;
    this.#running.set(task, writer);
    task._add(this.#whenOver);
  }

  /** Cancels all that run, and waits for them; not the one that asks for it. */
  async end(): Promise<void> {
    for (let first = true; ; first = false) {
      const tasks = [...this.#running.keys()].filter((task) => task !== currentTask());
      if (tasks.length === 0) return;
      if (first) for (const task of tasks) task.cancel();
      await wait(tasks);
    }
  }

  #call(reader: StreamReader, writer: StreamWriter): PromiseLike<void> {
    const promise: unknown = this.#handler(reader, writer);
    if (isThenable(promise)) return promise as PromiseLike<void>;
    this.#running.delete(currentTask() as Task<unknown>);
    return DONE;
  }

  #over(task: Task<unknown>): void {
    const writer = this.#running.get(task);
    this.#running.delete(task);
    const exception = task.cancelled() ? null : task.exception();
    if (exception !== null) {
      const message = "Unhandled exception in client_connected_cb";
      this.#loop._report({ message, exception, transport: writer?.transport });
    }
    writer?.close();
  }
}
