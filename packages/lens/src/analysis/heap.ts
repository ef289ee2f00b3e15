/** A heap of indices, each with a time: the earliest first, and of equal times the lowest index. */

export class TimeHeap {
  readonly #times: number[] = [];
  readonly #indices: number[] = [];

  get size(): number {
    return this.#indices.length;
  }

  push(time: number, index: number): void {
    let at = this.#indices.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isAfter(parent, time, index)) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#put(at, time, index);
  }

  /** Takes off the earliest. @throws RangeError if there is none. */
  pop(): { time: number; index: number } {
    const top = { time: this.#times[0], index: this.#indices[0] };
    const time = this.#times.pop();
    const index = this.#indices.pop();
    if (top.time === undefined || top.index === undefined || time === undefined || index === undefined) {
      throw new RangeError("the heap is empty");
    }
    const size = this.#indices.length;
    if (size > 0) {
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= size) break;
        if (child + 1 < size && this.#isAfter(child, this.#times[child + 1]!, this.#indices[child + 1]!)) child++;
        if (this.#isAfter(child, time, index)) break;
        this.#copy(child, at);
        at = child;
      }
      this.#put(at, time, index);
    }
    return { time: top.time, index: top.index };
  }

  #isAfter(at: number, time: number, index: number): boolean {
    const other = this.#times[at]!;
    return other > time || (other === time && this.#indices[at]! > index);
  }

  #copy(from: number, to: number): void {
    this.#put(to, this.#times[from]!, this.#indices[from]!);
  }

  #put(at: number, time: number, index: number): void {
    this.#times[at] = time;
    this.#indices[at] = index;
  }
}
