/** `Resources`: numbers for locks and semaphores, in the order in which they were seen. */
export class Resources {
  readonly #numbers = new WeakMap<object, number>();
  #count = 0;

  number(what: object): number {
    const known = this.#numbers.get(what);
    if (known !== undefined) return known;
    this.#numbers.set(what, this.#count);
    return this.#count++;
  }
}
