/** What a task waits for, in words: few, so that a record can hold a number in their place. */
import type { Future } from "turnwise";
import type { Strings } from "./strings.ts";

/** What the recorder looks at in a future of Turnwise's; see its `Registry`. */
interface FutureLike {
  readonly _id?: number;
  readonly _when?: number;
  readonly _what?: object;
  _purpose(): string;
}

/** Names what tasks wait for: "a sleep", "Lock 2", "a gather". */
export class AwaitedNames {
  readonly #strings: Strings;
  /** Locks, queues, groups: by number, each class apart. */
  readonly #named = new WeakMap<object, number>();
  readonly #counts = new Map<string, number>();
  /** For other futures the class says it all. */
  readonly #byClass = new Map<unknown, number>();

  constructor(strings: Strings) {
    this.#strings = strings;
  }

  /** The number of the words for `future`; 0 for none. */
  numberOf(future: Future<unknown> | null): number {
    if (future === null) return 0;
    const what = (future as unknown as FutureLike)._what;
    if (what !== undefined) return this.#named.get(what) ?? this.#name(what, String(what));
    const known = this.#byClass.get(future.constructor);
    if (known !== undefined) return known;
    const words = (future as unknown as FutureLike)._purpose().replace(/ (of|until) .*/s, "");
    const number = this.#strings.number(words);
    this.#byClass.set(future.constructor, number);
    return number;
  }

  /** `<Lock [locked]>` is "Lock 1", the next one "Lock 2"; "3 futures, of which 2 not done" is "3 futures". */
  #name(what: object, text: string): number {
    const name = /^<(\w+)/.exec(text)?.[1];
    if (name === undefined) return this.#strings.number(text.replace(/,.*/s, ""));
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const number = this.#strings.number(`${name} ${count}`);
    this.#named.set(what, number);
    return number;
  }
}
