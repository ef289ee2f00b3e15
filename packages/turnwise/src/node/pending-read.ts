/** `PendingRead`: what a `StreamReader`'s methods return while there is not enough to read. */
import type { EventLoop } from "../events.ts";
import type { Future } from "../futures.ts";
import { type Reject, type Resolve, Thenable } from "../thenable.ts";
import { type Awaited, waiterFor } from "../waiter.ts";
import { peerOf } from "./flow-control.ts";
import type { Kind, StreamReader } from "./stream-reader.ts";

/**
 * Waits for data, and takes it only when the task that awaits goes on: if that is cancelled before, nothing is lost.
 *
 * An async function would do the same. But thousands of connections spend their lives in such a wait, and it would take
 * more than twice the memory for it.
 */
export class PendingRead<A, T> extends Thenable<T> implements Awaited {
  /** @internal What the reader settles when it has got enough, or the stream ends. */
  readonly _waiter: Future<void>;
  readonly #reader: StreamReader;
  readonly #kind: Kind<A, T>;
  readonly #arg: A;
  /** What was taken: who awaits once more gets the same. */
  #taken: T | Promise<T> | undefined = undefined;

  constructor(reader: StreamReader, loop: EventLoop, kind: Kind<A, T>, arg: A) {
    super();
    this._waiter = waiterFor(this, loop);
    this.#reader = reader;
    this.#kind = kind;
    this.#arg = arg;
  }

  override toString(): string {
    return `data from ${peerOf(this.#reader._transport)}`;
  }

  /** @internal An error comes through `resolve` too: see `answer`. */
  override _await(resolve: Resolve, reject: Reject): void {
    this._waiter._await((thrown) => resolve(thrown === undefined ? this.#result() : thrown), reject);
  }

  #result(): T | Promise<T> {
    return (this.#taken ??= this.#reader._attempt(this.#kind, this.#arg));
  }
}
