/** `Chunks`: bytes as they came, in pieces, taken out in other pieces. What a `StreamReader` buffers in. */

/** A chunk that is shorter than this is joined with its neighbours if they wait to be read. */
const SMALL = 1024;
/** Small chunks are joined in blocks of so many bytes. */
const BLOCK = 4096;
/** What is less than one part in so many of the memory that it holds does not stay there. */
const SHARE = 4;
/** So many places of chunks that were taken are kept before the list moves up. */
const GAP = 64;

/**
 * A queue of bytes. A byte is copied once at most on its way out, and not at all if what is taken lies in one chunk.
 *
 * Small chunks that pile up are joined: a sender of single bytes would otherwise cost a hundred times what it sent.
 */
export class Chunks {
  /** How many bytes there are. */
  size = 0;
  /** The first chunk: usually the only one. */
  #first: Buffer | null = null;
  /** So many bytes of the first chunk were taken. */
  #taken = 0;
  /** The chunks behind the first; those before `#next` have left. */
  #rest: Buffer[] | null = null;
  #next = 0;
  /** The block that the last chunk is the beginning of, while small ones are joined there. */
  #block: Buffer | null = null;

  /** Adds a chunk, which must not be empty. It belongs to this from now on. */
  push(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.#first === null) this.#first = chunk;
    else if (chunk.length >= SMALL) {
      this.#block = null;
      (this.#rest ??= []).push(chunk);
    } else this.#join(chunk);
  }

  /** Takes the first `count` bytes, at least one, and no more than there are: a view of a chunk, if they lie in one. */
  take(count: number): Buffer {
    const first = this.#first as Buffer;
    const start = this.#taken;
    const left = first.length - start;
    if (count > left) return this.#takeSeveral(count);
    this.size -= count;
    if (count < left) this.#taken += count;
    else this.#shift();
    return count === first.length ? first : first.subarray(start, start + count);
  }

  /** Drops the first `count` bytes; no more than there are. */
  drop(count: number): void {
    this.size -= count;
    for (let left = count; left > 0;) {
      const chunk = this.#first as Buffer;
      const length = Math.min(left, chunk.length - this.#taken);
      left -= length;
      if (length < chunk.length - this.#taken) this.#taken += length;
      else this.#shift();
    }
  }

  /**
   * What there is will wait for more, perhaps for long: a few bytes move out of what they share with others, of which
   * nothing could go before they do.
   */
  settle(): void {
    const first = this.#first;
    if (first === null || this.#rest !== null || this.#block !== null) return;
    if (first.buffer.byteLength <= SHARE * this.size) return;
    this.#first = Buffer.allocUnsafeSlow(this.size);
    first.copy(this.#first, 0, this.#taken);
    this.#taken = 0;
  }

  /** Where `bytes` stand first, at `from` or behind it; -1 if nowhere. It costs what there is behind `from`. */
  indexOf(bytes: Uint8Array, from: number): number {
    let { index, start } = this.#locate(from);
    let offset = from - start;
    for (const count = this.#count; index < count; index++) {
      const chunk = this.#at(index);
      const found = chunk.indexOf(bytes.length === 1 ? (bytes[0] as number) : bytes, offset);
      if (found >= 0) return start + found;
      if (bytes.length > 1) {
        const across = this.#indexAcross(index, bytes, offset);
        if (across >= 0) return start + across;
      }
      start += chunk.length;
      offset = 0;
    }
    return -1;
  }

  get #count(): number {
    if (this.#first === null) return 0;
    return this.#rest === null ? 1 : 1 + this.#rest.length - this.#next;
  }

  #at(index: number): Buffer {
    return (index === 0 ? this.#first : (this.#rest as Buffer[])[this.#next + index - 1]) as Buffer;
  }

  /**
   * The chunk in which the byte at `position` lies, and where it starts (before 0, if some of it was taken). Looks in
   * the first one, then from the end: who searches again searches what is new.
   */
  #locate(position: number): { index: number; start: number } {
    if (this.#first === null || this.#taken + position < this.#first.length) return { index: 0, start: -this.#taken };
    let index = this.#count;
    let start = this.size;
    while (start > position) start -= this.#at(--index).length;
    return { index, start };
  }

  /** Where `bytes` begin in a chunk, from `from` on, and end in one behind it; -1 if they don't. */
  #indexAcross(index: number, bytes: Uint8Array, from: number): number {
    const chunk = this.#at(index);
    const begin = Math.max(from, chunk.length - bytes.length + 1);
    const pieces = [chunk.subarray(begin)];
    let missing = bytes.length - 1;
    for (let i = index + 1; i < this.#count && missing > 0; i++) {
      const piece = this.#at(i).subarray(0, missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    if (pieces.length === 1) return -1;
    const found = Buffer.concat(pieces).indexOf(bytes);
    return found < 0 ? -1 : begin + found;
  }

  /** Adds a small chunk behind others. */
  #join(chunk: Buffer): void {
    const last = this.#at(this.#count - 1);
    const block = this.#block;
    if (block !== null && last.length + chunk.length <= block.length) {
      block.set(chunk, last.length);
      const longer = block.subarray(0, last.length + chunk.length);
      if (this.#rest === null) this.#first = longer;
      else this.#rest[this.#rest.length - 1] = longer;
      return;
    }
    // A block of its own, and none of Node's pool: it lives as long as the slowest reader of what is in it.
    this.#block = Buffer.allocUnsafeSlow(BLOCK);
    this.#block.set(chunk);
    (this.#rest ??= []).push(this.#block.subarray(0, chunk.length));
  }

  /** Takes what is in more than one chunk. */
  #takeSeveral(count: number): Buffer {
    const whole = Buffer.allocUnsafe(count);
    for (let filled = 0; filled < count;) {
      const chunk = this.#first as Buffer;
      const length = Math.min(count - filled, chunk.length - this.#taken);
      chunk.copy(whole, filled, this.#taken, this.#taken + length);
      filled += length;
      this.drop(length);
    }
    return whole;
  }

  /** The first chunk leaves. */
  #shift(): void {
    this.#taken = 0;
    const rest = this.#rest;
    if (rest === null) {
      this.#first = null;
      this.#block = null;
      return;
    }
    this.#first = rest[this.#next] as Buffer;
    rest[this.#next++] = NONE;
    if (this.#next === rest.length) {
      this.#rest = null;
      this.#next = 0;
    } else if (this.#next >= GAP && this.#next * 2 >= rest.length) {
      rest.splice(0, this.#next);
      this.#next = 0;
    }
  }
}

const NONE: Buffer = Buffer.alloc(0);
