/** Futures for something that happens outside, and ends: a connection being made, a process that runs, a job. */
import type { EventLoop } from "../events.ts";
import { Future, PENDING, type State } from "../futures.ts";

/** While one is out, a virtual clock stands still. */
export class Operation<T> extends Future<T> {
  readonly #what: string | (() => string);
  readonly #giveUp: () => void;

  /**
   * @param what - in words: "a connection to localhost:80"; or a function that says it when somebody asks.
   * @param giveUp - called when it is cancelled: stops what happens outside.
   */
  constructor(loop: EventLoop, what: string | (() => string), giveUp: () => void = nothing) {
    super(loop);
    this.#what = what;
    this.#giveUp = giveUp;
    loop._beginForeign();
  }

  override cancel(msg?: string): boolean {
    const cancelled = super.cancel(msg);
    if (cancelled) this._giveUp();
    return cancelled;
  }

  /** @internal It was cancelled. */
  _giveUp(): void {
    this.#giveUp();
  }

  /** Gives the result, unless somebody gave up. */
  finish(result: T): void {
    if (this._state !== PENDING) return;
    this._loop._wake();
    this.setResult(result);
  }

  /** Gives the error, unless somebody gave up. */
  fail(error: unknown): void {
    if (this._state !== PENDING) return;
    this._loop._wake();
    this.setException(error);
  }

  override _settle(state: State, value: unknown): void {
    super._settle(state, value);
    this._loop._endForeign();
  }

  override _purpose(): string {
    return typeof this.#what === "string" ? this.#what : this.#what();
  }
}

function nothing(): void {}
