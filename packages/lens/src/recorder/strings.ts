/** `Strings`: interned strings, so that a record holds a number in place of each. */

/** So many different strings are kept; what comes later is all called `OTHERS`. */
const MOST = 65_536;
const OTHERS = "(one of many)";

/** Each string once, by number. */
export class Strings {
  readonly #numbers = new Map<string, number>();
  readonly #strings: string[] = [];

  constructor() {
    this.number("");
    this.number(OTHERS);
  }

  /** The number of a string: 0 for the empty one. */
  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    if (this.#strings.length >= MOST) return this.#numbers.get(OTHERS) as number;
    this.#numbers.set(text, this.#strings.length);
    return this.#strings.push(text) - 1;
  }

  /** The string of a number. */
  text(number: number): string {
    return this.#strings[number] ?? "";
  }
}
