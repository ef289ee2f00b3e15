/** `StreamWriter`: writes a stream of bytes, at the pace of who reads it. */
import { CancelledError } from "../exceptions.ts";
import { currentTask, getRunningLoop } from "../running.ts";
import { sleep } from "../sleep.ts";
import type { FlowControl } from "./flow-control.ts";
import { here } from "./io-errors.ts";
import type { StreamReader } from "./stream-reader.ts";
import { type ClientSsl, type ServerSsl, startTls, type StartTlsOptions } from "./tls.ts";
import type { Bytes, Transport, WriteTransport } from "./transports.ts";

/**
 * Writes a stream: `asyncio.StreamWriter`. `openConnection` and `startServer` give one.
 *
 * `write` never waits: it leaves the data with the transport, which sends it as soon as it can. Follow it by
 * `await writer.drain()`, and the task waits where the other side reads more slowly than you write.
 *
 * `await using writer` closes it at the end of the block, and waits until what was written has been sent.
 */
export class StreamWriter implements AsyncDisposable {
  readonly #flow: FlowControl;
  readonly #reader: StreamReader | null;

  /** @internal */
  constructor(flow: FlowControl, reader: StreamReader | null) {
    this.#flow = flow;
    this.#reader = reader;
    if (getRunningLoop().getDebug()) writers.register(this, { flow, words: String(this) });
  }

  /** The transport beneath. */
  get transport(): WriteTransport {
    return this.#flow.transport;
  }

  /**
   * Leaves `data` with the transport. The bytes must not be changed before they are sent.
   * @throws RuntimeError if the loop is closed, and the connection with it.
   */
  write(data: Bytes): void {
    this.#flow.checkLoop();
    this.transport.write(data);
  }

  /** {@link write} for several. */
  writelines(parts: Iterable<Bytes>): void {
    this.#flow.checkLoop();
    this.transport.writelines(parts);
  }

  /**
   * Waits until the transport's buffer has room: at once, if it has. Several tasks may wait.
   * @throws what ended the connection; an error with the code ECONNRESET if it is closed; RuntimeError if the loop is.
   */
  drain(): Promise<void> {
    const failed = this.#reader !== null && this.#reader.exception() !== null;
    if (!failed && this.#flow.hasRoom() && !this.transport.isClosing()) return NOTHING_TO_WAIT_FOR;
    return this.#drain();
  }

  async #drain(): Promise<void> {
    const exception = this.#reader?.exception() ?? null;
    if (exception !== null) throw here(exception);
    this.#flow.checkLoop();
    // Code that writes and drains in a loop must hear of the end, which comes in a turn of its own.
    if (this.transport.isClosing()) await sleep(0);
    try {
      await this.#flow.drained();
    } catch (thrown) {
      throw here(thrown);
    }
  }

  /** Says that no more will be written, and leaves the other half open. @throws where {@link canWriteEof} is false. */
  writeEof(): void {
    this.transport.writeEof();
  }

  /** Whether {@link writeEof} can be used: not with TLS. */
  canWriteEof(): boolean {
    return this.transport.canWriteEof();
  }

  /** Closes the connection, in both directions, once what was written has been sent. {@link waitClosed} waits for it. */
  close(): void {
    this.transport.close();
  }

  /** Whether the connection is closed, or about to be. */
  isClosing(): boolean {
    return this.transport.isClosing();
  }

  /** Waits until the connection is closed: call {@link close} before. @throws the error that ended the connection. */
  waitClosed(): Promise<void> {
    return this.#flow.closed();
  }

  /** See `BaseTransport.getExtraInfo`. */
  getExtraInfo(name: string, fallback?: unknown): unknown {
    return this.transport.getExtraInfo(name, fallback);
  }

  /**
   * Goes on with TLS, on a connection that has none: asyncio's `start_tls`. What a server's handler has is the server's
   * side. Bytes that came before and were not read are taken for TLS.
   * @throws what the function `startTls` throws.
   */
  async startTls(ssl: ClientSsl | ServerSsl, options: Omit<StartTlsOptions, "serverSide"> = {}): Promise<void> {
    await this.drain();
    const protocol = (this.transport as Transport).getProtocol();
    const serverSide = "_serverSide" in protocol && protocol._serverSide === true;
    const _early = this.#reader?._giveBack();
    const secured = await startTls(this.transport, protocol, ssl, { ...options, serverSide, _early });
    this.#flow.transport = secured;
    this.#reader?._moveTo(secured);
  }

  toString(): string {
    const reader = this.#reader === null ? "" : ` reader=${String(this.#reader)}`;
    return `<StreamWriter transport=${String(this.transport)}${reader}>`;
  }

  /**
   * Closes the connection, and waits until what was written has been sent. If the task is cancelled, now or before, the
   * rest is dropped. @throws what ended the connection meanwhile. An error of before was for who read or drained.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#flow.isLost()) return;
    const isCancelled = (currentTask()?.cancelling() ?? 0) > 0;
    if (isCancelled) this.transport.abort();
    else this.close();
    try {
      await this.#flow.closed();
    } catch (thrown) {
      if (thrown instanceof CancelledError) this.transport.abort();
      // The cancellation is on its way already: an error in its place would hide it.
      if (!isCancelled || thrown instanceof CancelledError) throw thrown;
    }
  }
}

const NOTHING_TO_WAIT_FOR: Promise<void> = Promise.resolve();

/** What is left of a writer that nobody closed, and nobody has any more. */
interface Remains {
  readonly flow: FlowControl;
  readonly words: string;
}

/** Debug mode: closes connections whose writer is garbage, and warns, as asyncio does. */
const writers = new FinalizationRegistry<Remains>(({ flow, words }) => {
  if (flow.transport.isClosing()) return;
  flow.transport.close();
  process.emitWarning(`unclosed ${words}: call close(), or use \`await using\``, "ResourceWarning");
});
