/** `ChildPipe`: the transport of one of a child's pipes, and the protocol that passes on what happens there. */
import type { Socket } from "node:net";
import type { Context } from "../contextvars.ts";
import type { EventLoop } from "../events.ts";
import { explain } from "./io-errors.ts";
import { Protocol, type SubprocessProtocol } from "./protocols.ts";
import { StreamTransport } from "./stream-transport.ts";

/** Whose pipe it is: its transport. */
export interface PipeOwner {
  getPid(): number;
  getProtocol(): SubprocessProtocol;
  /** @internal */
  _pipeLost(fd: number, error: unknown): void;
}

const NAMES = ["stdin", "stdout", "stderr"];

/** A pipe to a child's stdin (`fd` 0), or from its stdout (1) or stderr (2). */
export class ChildPipe extends StreamTransport {
  declare protected readonly stream: Socket;
  protected override readonly reads: boolean;
  readonly #owner: PipeOwner;
  readonly #fd: number;

  constructor(loop: EventLoop, stream: Socket, owner: PipeOwner, fd: number, context: Context) {
    super(loop, stream, new PipeProtocol(owner, fd), context);
    this.reads = fd > 0;
    this.#owner = owner;
    this.#fd = fd;
  }

  override getExtraInfo(name: string, fallback: unknown = null): unknown {
    if (name === "pipe") return this.stream;
    return name === "peername" ? this.describe()[0] : fallback;
  }

  protected override flushAndDestroy(): void {
    if (this.reads) this.stream.destroy();
    else this.stream.destroySoon();
  }

  protected override explain(error: Error): unknown {
    return explain(error, "connection", this.describe()[0] as string);
  }

  protected override describe(): string[] {
    return [`${NAMES[this.#fd]} of process ${this.#owner.getPid()}`];
  }
}

class PipeProtocol extends Protocol {
  readonly #owner: PipeOwner;
  readonly #fd: number;

  constructor(owner: PipeOwner, fd: number) {
    super();
    this.#owner = owner;
    this.#fd = fd;
  }

  override dataReceived(data: Buffer): void {
    // Whoever calls this looks at what an async one returns.
    return this.#owner.getProtocol().pipeDataReceived(this.#fd, data);
  }

  override connectionLost(error: unknown): void {
    this.#owner._pipeLost(this.#fd, error);
  }

  override pauseWriting(): void {
    this.#owner.getProtocol().pauseWriting();
  }

  override resumeWriting(): void {
    this.#owner.getProtocol().resumeWriting();
  }
}
