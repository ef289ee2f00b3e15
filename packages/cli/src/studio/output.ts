/** `Output`: what a program prints, on its way to the page: in portions, and no more than a page can hold. */

/** So many characters of each stream are shown. A program may print without end. */
export const MOST_CHARACTERS = 500_000;
/** Portions come so often, in milliseconds. */
const PORTION_AFTER = 40;
/** So many characters are kept to find an error in. */
const TAIL = 8_000;

/** Who gets it. */
export interface OutputReader {
  /** @param at - when the first of it came: milliseconds since 1970. */
  text(text: string, at: number): void;
  /** No more comes. */
  cut(limit: number): void;
}

/** One stream. */
export class Output {
  readonly #reader: OutputReader;
  readonly #limit: number;
  #left: number;
  #portion = "";
  #since = 0;
  #timer: NodeJS.Timeout | null = null;
  #isCut = false;
  #tail = "";

  constructor(reader: OutputReader, limit: number = MOST_CHARACTERS) {
    this.#reader = reader;
    this.#limit = this.#left = limit;
  }

  /** The end of all that came, shown or not. */
  get tail(): string {
    return this.#tail;
  }

  write(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL);
    if (this.#isCut) return;
    const shown = text.slice(0, this.#left);
    this.#left -= shown.length;
    if (this.#portion === "") this.#since = Date.now();
    this.#portion += shown;
    if (shown.length < text.length) {
      this.#isCut = true;
      this.flush();
      this.#reader.cut(this.#limit);
    } else this.#timer ??= setTimeout(() => this.flush(), PORTION_AFTER);
  }

  /** Sends what is held back. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#portion !== "") this.#reader.text(this.#portion, this.#since);
    this.#portion = "";
  }
}
