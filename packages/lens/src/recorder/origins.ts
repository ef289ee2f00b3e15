/** `Origins`: where what tasks may pass came about, and the numbers of what they take. */
import type { LiveTasks } from "./live-tasks.ts";

/** The step, -1 if none is known, and the time. */
export interface Origin {
  readonly step: number;
  readonly at: number;
}

/** Of tasks it is known as long as they have a slot, of all else as long as it is there. */
export class Origins {
  readonly #live: LiveTasks;
  readonly #origins = new WeakMap<object, Origin>();

  constructor(live: LiveTasks) {
    this.#live = live;
  }

  /** A task is done. */
  ofTask(id: number, step: number, at: number): void {
    const slot = this.#live.find(id);
    if (slot >= 0) this.#live.done(slot, step, at);
  }

  /** Something else has come about. */
  set(what: object, step: number, at: number): void {
    this.#origins.set(what, { step, at });
  }

  get(what: object): Origin | undefined {
    const id = (what as { readonly _id?: number })._id;
    if (id === undefined) return this.#origins.get(what);
    const slot = this.#live.find(id);
    return slot < 0 ? undefined : { step: this.#live.doneStep(slot), at: this.#live.doneAt(slot) };
  }
}
