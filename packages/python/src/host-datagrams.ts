/** `HostDatagrams`: a UDP socket, as Python sees it. */
import {
  type BaseTransport,
  createDatagramEndpoint,
  type DatagramAddress,
  type DatagramEndpointOptions,
  type DatagramProtocol,
  type DatagramTransport,
} from "turnwise/node";
import { codeOf, Endpoint, READABLE, WRITABLE } from "./endpoint.ts";
import { bytesOf, type Name, nameOf } from "./host-stream.ts";

/** As the system does, it drops what comes while so many bytes wait to be read. */
const MOST_UNREAD = 1024 * 1024;

/** Keeps the datagrams that come until they are read. */
export class HostDatagrams extends Endpoint implements DatagramProtocol {
  #transport: DatagramTransport | undefined;
  readonly #received: { readonly data: Buffer; readonly from: DatagramAddress }[] = [];
  #unread = 0;
  #isFull = false;
  #hasError = false;

  /** Binds it. @throws the error of `turnwise/node`. */
  async open(options: DatagramEndpointOptions): Promise<void> {
    const [transport] = await createDatagramEndpoint(() => this, options);
    if (this.isClosed) transport.abort();
  }

  /** @returns `[data, host, port]`; undefined if there is none, or an error. */
  receive(): readonly [data: Uint8Array, host: string, port: number] | undefined {
    if (this.#hasError) return undefined;
    const next = this.#received.shift();
    if (next === undefined) return undefined;
    this.#unread -= next.data.length;
    return [bytesOf(next.data), next.from.host, next.from.port];
  }

  /** @param host - undefined if it has one to send to. @returns false if it must wait. */
  send(data: Uint8Array, host: string | undefined, port: number | undefined): boolean {
    if (this.#transport === undefined || this.#isFull) return false;
    this.#transport.sendto(data, host === undefined ? undefined : { host, port: port as number });
    return true;
  }

  override takeError(): string | undefined {
    this.#hasError = false;
    return super.takeError();
  }

  override readiness(): number {
    if (this.#transport === undefined) return this.hasFailed ? READABLE | WRITABLE : 0;
    return (this.#received.length > 0 || this.#hasError ? READABLE : 0) | (this.#isFull ? 0 : WRITABLE);
  }

  override sockname(): Name | undefined {
    return nameOf(this.#transport?.getExtraInfo("sockname"));
  }

  override peername(): Name | undefined {
    return nameOf(this.#transport?.getExtraInfo("peername"));
  }

  override close(): void {
    super.close();
    this.#transport?.close();
  }

  connectionMade(transport: BaseTransport): void {
    this.#transport = transport as DatagramTransport;
    this.changed();
  }

  datagramReceived(data: Buffer, from: DatagramAddress): void {
    if (this.#unread + data.length > MOST_UNREAD) return;
    this.#received.push({ data, from });
    this.#unread += data.length;
    this.changed();
  }

  errorReceived(error: unknown): void {
    this.#hasError = true;
    this.noteError(codeOf(error));
  }

  connectionLost(): void {}

  pauseWriting(): void {
    this.#isFull = true;
  }

  resumeWriting(): void {
    this.#isFull = false;
    this.changed();
  }
}
