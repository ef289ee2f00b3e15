/** What a recording shows of a call: a lane of its own, which waits on the queue, and then for a worker. */
import { type EventLoop, Future } from "turnwise";

/** A task that does nothing but wait, for one thing after the other. */
export class Lane {
  readonly #loop: EventLoop;
  #wait: LaneWait;

  /** @param name - of the task. */
  constructor(loop: EventLoop, name: string) {
    this.#loop = loop;
    this.#wait = new LaneWait(loop, "the way to the queue");
    loop.createTask(() => this.#follow(), { name });
  }

  /** What it waits for from now on. */
  next(what: string): void {
    this.#end(new LaneWait(this.#loop, what));
  }

  /** The call is done. */
  end(): void {
    this.#end(null);
  }

  #end(next: LaneWait | null): void {
    const wait = this.#wait;
    if (next !== null) this.#wait = next;
    if (!wait.done() && !this.#loop.isClosed()) wait.setResult({ next });
  }

  async #follow(): Promise<void> {
    for (let wait: LaneWait | null = this.#wait; wait !== null;) wait = (await wait).next;
  }
}

class LaneWait extends Future<{ readonly next: LaneWait | null }> {
  /** What Turnwise's tools show of it. */
  readonly _what: { toString(): string };

  constructor(loop: EventLoop, what: string) {
    super(loop);
    this._what = { toString: () => what };
  }
}
