/** `Search`: looks for separators in what a reader has buffered, again and again as more comes. */
import { describe } from "../describe.ts";
import type { Chunks } from "./chunks.ts";
import type { Bytes } from "./transports.ts";

/** Where a separator was found. */
export interface Found {
  /** How many bytes are before it. */
  readonly start: number;
  /** How many there are up to its end. */
  readonly end: number;
}

/** A search for the first end of one of several separators. */
export class Search {
  /** No separator begins in so many bytes. */
  searched = 0;
  readonly #separators: readonly Uint8Array[];

  /** @throws RangeError if there is no separator, or one is empty; TypeError if one is something else. */
  constructor(separator: Bytes | readonly Bytes[]) {
    this.#separators = separator === "\n" ? NEWLINE : asSeparators(separator);
  }

  /** Goes on where it ended. Null if there is none. */
  next(chunks: Chunks): Found | null {
    const found = this.find(chunks, Math.min(this.searched, chunks.size));
    if (found !== null) return found;
    // The last bytes may be the beginning of the longest separator.
    const { length } = this.#separators.at(-1) as Uint8Array;
    this.searched = Math.max(0, chunks.size + 1 - length);
    return null;
  }

  /** The separator whose end comes first, of those that begin at `from` or behind it. */
  find(chunks: Chunks, from: number): Found | null {
    let first: Found | null = null;
    for (const separator of this.#separators) {
      const start = chunks.indexOf(separator, from);
      const end = start + separator.length;
      if (start >= 0 && (first === null || end < first.end)) first = { start, end };
    }
    return first;
  }
}

const NEWLINE: readonly Uint8Array[] = [Buffer.from("\n")];

/** Sorted by length: of two that end at the same place the shorter one counts. */
function asSeparators(separator: Bytes | readonly Bytes[]): readonly Uint8Array[] {
  const separators = (Array.isArray(separator) ? (separator as readonly Bytes[]) : [separator as Bytes]).map(
    (bytes) => {
      if (typeof bytes === "string") return Buffer.from(bytes);
      if (bytes instanceof Uint8Array) return bytes;
      throw new TypeError(`separator must be a Uint8Array or a string, or an array of them, got ${describe(bytes)}`);
    },
  );
  if (separators.length === 0) throw new RangeError("Separator should contain at least one element");
  for (const { length } of separators) {
    if (length === 0) throw new RangeError("Separator should be at least one-byte string");
  }
  return separators.toSorted((a, b) => a.length - b.length);
}
