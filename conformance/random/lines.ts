/** Source text in the making: lines with their indentation. */
export class Lines {
  readonly #lines: string[] = [];
  #depth: number;
  readonly #step: string;

  constructor(step: string, depth = 0) {
    this.#step = step;
    this.#depth = depth;
  }

  add(...lines: string[]): void {
    for (const line of lines) this.#lines.push(this.#step.repeat(this.#depth) + line);
  }

  /** Lines that `fill` adds stand one step further in. */
  indent(fill: () => void): void {
    this.#depth++;
    fill();
    this.#depth--;
  }

  toString(): string {
    return this.#lines.map((line) => line + "\n").join("");
  }
}
