/** The errors of streams, with asyncio's names and texts. */

/** The stream ended before all was read that was asked for: `asyncio.IncompleteReadError`. */
export class IncompleteReadError extends Error {
  override get name(): string {
    return "IncompleteReadError";
  }
  /** What was read before the end. */
  readonly partial: Buffer;
  /** How many bytes were asked for; null where that was not known: `readuntil`. */
  readonly expected: number | null;

  constructor(partial: Buffer, expected: number | null) {
    super(`${partial.length} bytes read on a total of ${expected ?? "undefined"} expected bytes`);
    this.partial = partial;
    this.expected = expected;
  }
}

/** A separator was not found within the reader's limit: `asyncio.LimitOverrunError`. The data is still in the buffer. */
export class LimitOverrunError extends Error {
  override get name(): string {
    return "LimitOverrunError";
  }
  /** So many bytes stand before the separator, or can't be part of it: `readexactly(consumed)` gives them. */
  readonly consumed: number;

  constructor(message: string, consumed: number) {
    super(message);
    this.consumed = consumed;
  }
}

/** What `drain` throws once the connection is gone: Python's `ConnectionResetError`, known by its `code` as in Node. */
export function connectionLost(): NodeJS.ErrnoException {
  return Object.assign(new Error("Connection lost"), { code: "ECONNRESET" });
}
