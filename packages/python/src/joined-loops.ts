/** The loops of TypeScript's of which a loop of Python's is a part, so that TypeScript can call coroutines there. */
import type { EventLoop } from "turnwise";
import { beforeClose } from "turnwise/guest";
import { type Outcome, received } from "./crossing.ts";

/** The functions of `turnwise_crossing.py` that are called from here. */
export interface PythonCrossing {
  readonly import_module: (name: string, directory: string, file: string | undefined) => Outcome;
  readonly provide: (name: string, contents: object) => void;
  readonly withdraw: (name: string) => void;
  readonly shutdown_joined: (loop: number) => Outcome;
  readonly end_joined: (loop: number) => void;
}

/** By number: Python's part is made when it is first needed. */
export class JoinedLoops {
  /** Set once Python runs. */
  python!: PythonCrossing;
  readonly #numbers = new WeakMap<EventLoop, number>();
  readonly #loops = new Map<number, EventLoop>();
  #last = 0;

  /** The number of a loop; from now on Python's part ends with it. */
  numberOf(loop: EventLoop): number {
    const known = this.#numbers.get(loop);
    if (known !== undefined) return known;
    const number = ++this.#last;
    this.#numbers.set(loop, number);
    this.#loops.set(number, loop);
    beforeClose(loop, {
      shutDown: async () => {
        await received(this.python.shutdown_joined(number));
      },
      closed: () => {
        this.#loops.delete(number);
        this.python.end_joined(number);
      },
    });
    return number;
  }

  get(number: number): EventLoop | undefined {
    return this.#loops.get(number);
  }
}
