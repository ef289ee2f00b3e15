/** `HostListener`: a listening socket, as Python sees it. */
import type { Server } from "turnwise/node";
import { codeOf, Endpoint, READABLE, type Owner } from "./endpoint.ts";
import { HostStream, type Name, nameOf } from "./host-stream.ts";

/** Makes a server of `turnwise/node`'s, with a protocol for each connection. */
export type Serve = (makeProtocol: () => HostStream) => Promise<Server>;

/** Keeps those who have connected until Python accepts them. */
export class HostListener extends Endpoint {
  readonly #owner: Owner;
  readonly #waiting: HostStream[] = [];
  #server: Server | undefined;

  constructor(owner: Owner) {
    super(owner);
    this.#owner = owner;
  }

  /** Listens. @throws the error of `turnwise/node`. */
  async listen(serve: Serve): Promise<void> {
    try {
      this.#server = await serve(
        () =>
          new HostStream(this.#owner, (stream) => {
            this.#waiting.push(stream);
            this.changed();
          }),
      );
    } catch (error) {
      this.fail(codeOf(error));
      throw error;
    }
    if (this.isClosed) this.#server.close();
  }

  /** @returns one that has connected, now known as `fd`; undefined if nobody waits. */
  accept(fd: number): HostStream | undefined {
    const stream = this.#waiting.shift();
    stream?.setNumber(fd);
    return stream;
  }

  override readiness(): number {
    return this.#waiting.length > 0 ? READABLE : 0;
  }

  override sockname(): Name | undefined {
    return nameOf(this.#server?.sockets[0]);
  }

  override peername(): undefined {
    return undefined;
  }

  /** Who was not accepted is turned away. */
  override close(): void {
    super.close();
    this.#server?.close();
    for (const stream of this.#waiting.splice(0)) stream.abort();
  }
}
