/** `Endpoint`: what sockets of every kind have in common, as Python's non-blocking sockets and its selector see them. */
import type { Task } from "turnwise";

/** Bits of {@link Endpoint.readiness}: those of Python's `selectors`. */
export const READABLE = 1;
export const WRITABLE = 2;

/** Something that is open. */
export interface Open {
  /** Sends what was written, and ends. */
  close(): void;
}

/** Knows what is open, and passes on what happens. */
export interface Owner {
  readonly opened: (open: Open) => void;
  readonly closed: (open: Open) => void;
  /** The socket of that number may be ready for more than before. */
  readonly changed: (fd: number) => void;
}

/** Has a number, by which Python knows it; says when it changes; and keeps its error until Python asks. */
export abstract class Endpoint implements Open {
  readonly #owner: Owner;
  #fd = -1;
  #error: string | undefined;
  #hasFailed = false;
  protected isClosed = false;
  /** What opens it. */
  protected opening: Task<unknown> | undefined;

  constructor(owner: Owner) {
    this.#owner = owner;
    owner.opened(this);
  }

  /** From now on Python knows it by this number. */
  setNumber(fd: number): void {
    this.#fd = fd;
    this.changed();
  }

  /** What it is ready for: {@link READABLE}, {@link WRITABLE}. */
  abstract readiness(): number;
  abstract sockname(): unknown;
  abstract peername(): unknown;

  /** The error that nobody was told of yet, as Node calls it: `ECONNRESET`. */
  takeError(): string | undefined {
    const error = this.#error;
    this.#error = undefined;
    return error;
  }

  /** Sends what was written, and ends. */
  close(): void {
    this.isClosed = true;
    this.opening?.cancel();
    this.#owner.closed(this);
  }

  /** Ends at once. */
  abort(): void {
    this.close();
  }

  protected get hasFailed(): boolean {
    return this.#hasFailed;
  }

  protected fail(code: string): void {
    this.#hasFailed = true;
    this.noteError(code);
  }

  /** An error after which it goes on. */
  protected noteError(code: string): void {
    this.#error ??= code;
    this.changed();
  }

  protected changed(): void {
    if (this.#fd >= 0 && !this.isClosed) this.#owner.changed(this.#fd);
  }
}

/** The code of an error of Node's. Where it has none, the other side did something that nobody expects. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "EPROTO";
}
