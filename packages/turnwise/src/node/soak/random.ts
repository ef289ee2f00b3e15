/** Random choices from a seed. Each client and each handler has its own, so that one's choices never shift another's. */
export class Random {
  #state = 0x811c9dc5;

  /** @param seed - a number, and for whom: `new Random(1, "client", 17)`. */
  constructor(...seed: readonly (string | number)[]) {
    // FNV-1a; what follows is mulberry32.
    for (const byte of Buffer.from(seed.join("/"))) this.#state = Math.imul(this.#state ^ byte, 0x01000193);
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#fraction() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.#fraction() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError("nothing to pick from");
    return choices[this.between(0, choices.length - 1)] as T;
  }

  #fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
