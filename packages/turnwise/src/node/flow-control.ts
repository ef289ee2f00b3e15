/** `FlowControl`: those who wait for a transport to have room, or to be closed. */
import type { EventLoop } from "../events.ts";
import { RuntimeError } from "../exceptions.ts";
import { Waiters } from "../loop-bound.ts";
import { type Awaited, waiterFor } from "../waiter.ts";
import { here, hostPort } from "./io-errors.ts";
import { connectionLost } from "./stream-errors.ts";
import type { BaseTransport, WriteTransport } from "./transports.ts";

/**
 * What a protocol must hold for a `StreamWriter`, and tell what it hears of its transport: asyncio's
 * `FlowControlMixin`.
 */
export class FlowControl {
  /** Another one once TLS was started. */
  transport: WriteTransport;
  readonly #loop: EventLoop;
  #paused = false;
  #lost = false;
  #error: unknown = null;
  #drainers: Waiters | null = null;
  #closers: Waiters | null = null;

  /** Made in `connectionMade`. */
  constructor(transport: WriteTransport, loop: EventLoop) {
    this.transport = transport;
    this.#loop = loop;
  }

  /** `pauseWriting` was called. */
  pause(): void {
    this.#paused = true;
  }

  /** `resumeWriting` was called. */
  resume(): void {
    this.#paused = false;
    wakeAll(this.#drainers, null);
  }

  /** `connectionLost` was called, with `error`: null if the connection was closed. */
  lost(error: unknown): void {
    this.#lost = true;
    this.#error = error;
    wakeAll(this.#drainers, error);
    wakeAll(this.#closers, error);
  }

  /** Whether {@link drained} has nothing to wait for, or to throw. */
  hasRoom(): boolean {
    return !this.#paused && !this.#lost;
  }

  /** Whether the connection is over. */
  isLost(): boolean {
    return this.#lost;
  }

  /** @throws RuntimeError if the loop is closed: the connection has ended with it, and nobody will ever be woken. */
  checkLoop(): void {
    if (this.#loop.isClosed()) throw loopIsClosed(this.transport);
  }

  /** Waits until the transport has room. @throws the connection's error; one with the code ECONNRESET if it is closed. */
  async drained(): Promise<void> {
    if (this.#lost) throw connectionLost();
    if (!this.#paused) return;
    await (this.#drainers ??= new Waiters()).wait(
      waiterFor(new Wanted("room to write to", this.transport), this.#loop),
    );
  }

  /** Waits until the connection is over. @throws the connection's error. */
  async closed(): Promise<void> {
    if (this.#loop.isClosed()) return; // It was closed with the loop.
    if (!this.#lost) {
      const waiter = waiterFor(new Wanted("the end of the connection to", this.transport), this.#loop);
      try {
        await (this.#closers ??= new Waiters()).wait(waiter);
      } catch (thrown) {
        throw here(thrown);
      }
    } else if (this.#error !== null) throw here(this.#error);
  }
}

function wakeAll(waiters: Waiters | null, error: unknown): void {
  if (waiters === null) return;
  for (const waiter of waiters) {
    if (waiter.done()) continue;
    if (error === null) waiter.setResult();
    else waiter.setException(error);
  }
}

/** What is waited for, in words. */
class Wanted implements Awaited {
  readonly #what: string;
  readonly #transport: BaseTransport;

  constructor(what: string, transport: BaseTransport) {
    this.#what = what;
    this.#transport = transport;
  }

  toString(): string {
    return `${this.#what} ${peerOf(this.#transport)}`;
  }
}

/** What is thrown where somebody writes to, or waits for, a connection whose loop is closed. */
export function loopIsClosed(transport: BaseTransport | null): RuntimeError {
  return new RuntimeError(`Event loop is closed, and the connection to ${peerOf(transport)} with it`);
}

/** The other side of a connection, for messages: "127.0.0.1:4000", the path of a Unix socket. */
export function peerOf(transport: BaseTransport | null): string {
  const peer = transport?.getExtraInfo("peername");
  if (typeof peer === "string" && peer !== "") return peer;
  if (typeof peer !== "object" || peer === null) return "the other side";
  const { host, port } = peer as { readonly host: string; readonly port: number };
  return hostPort(host, port);
}
