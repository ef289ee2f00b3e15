/** Futures that Turnwise's own code waits for: in a lock, a queue, a task group. They can say what for. */
import type { EventLoop } from "./events.ts";
import { Future } from "./futures.ts";
import { keepShape } from "./shapes.ts";

/** What is waited for. */
export interface Awaited {
  /** In words. */
  toString(): string;
  /** @internal What must be done, or let go of this, before those who wait can go on, where that is known. */
  _holders?(): readonly Future<unknown>[];
}

/** A future that knows what it is for. */
export function waiterFor(what: Awaited, loop: EventLoop): Future<void> {
  return new Waiter(loop, what);
}

class Waiter extends Future<void> {
  /** @internal */
  readonly _what: Awaited;
  constructor(loop: EventLoop, what: Awaited) {
    super(loop);
    this._what = what;
  }

  /** Only Turnwise's own code waits for it. */
  override _isAwait(): boolean {
    return true;
  }

  override _purpose(): string {
    return String(this._what);
  }

  override _blockers(): readonly Future<unknown>[] {
    return this._what._holders?.() ?? [];
  }
}

keepShape((loop) => new Waiter(loop, ""));
