/** `StreamReaderProtocol`: what lies between a transport and a reader and writer. */
import { RuntimeError } from "../exceptions.ts";
import { getRunningLoop } from "../running.ts";
import { FlowControl } from "./flow-control.ts";
import { Protocol } from "./protocols.ts";
import type { StreamHandlers } from "./stream-handlers.ts";
import type { StreamReader } from "./stream-reader.ts";
import { StreamWriter } from "./stream-writer.ts";
import type { Transport } from "./transports.ts";

/**
 * Feeds a {@link StreamReader}: `asyncio.StreamReaderProtocol`. For a connection of your own making: give it to
 * `createConnection` or `connectReadPipe`, and read from the reader.
 */
export class StreamReaderProtocol extends Protocol {
  readonly #reader: StreamReader;
  readonly #handlers: StreamHandlers | null;
  #flow: FlowControl | null = null;

  /** @param handlers - the handlers of the server that accepted the connection; null for a client. */
  constructor(reader: StreamReader, handlers: StreamHandlers | null = null) {
    super();
    this.#reader = reader;
    this.#handlers = handlers;
  }

  /** @internal Whether a server accepted the connection. */
  get _serverSide(): boolean {
    return this.#handlers !== null;
  }

  /** A writer for the connection, once it is made. */
  writer(): StreamWriter {
    if (this.#flow === null) throw new RuntimeError("the connection is not made yet");
    return new StreamWriter(this.#flow, this.#reader);
  }

  override connectionMade(transport: Transport): void {
    this.#flow = new FlowControl(transport, getRunningLoop());
    this.#reader.setTransport(transport);
    this.#handlers?.start(this.#reader, this.writer());
  }

  override dataReceived(data: Buffer): void {
    this.#reader.feedData(data);
  }

  /** @returns true: the other half stays open, where there are halves. */
  override eofReceived(): boolean {
    this.#reader.feedEof();
    return this.#flow?.transport.canWriteEof() === true;
  }

  override connectionLost(error: unknown): void {
    if (error === null) this.#reader.feedEof();
    else this.#reader.setException(error);
    this.#flow?.lost(error);
  }

  override pauseWriting(): void {
    this.#flow?.pause();
  }

  override resumeWriting(): void {
    this.#flow?.resume();
  }
}
