/** `createDatagramEndpoint`: UDP. */
import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from "node:dgram";
import { isIPv6 } from "node:net";
import { runInScope } from "#async-context";
import { type Context, copyContext } from "../contextvars.ts";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { Ring } from "../ring.ts";
import { getRunningLoop } from "../running.ts";
import { checkAddress, checkIsObject } from "./connections.ts";
import { explain, hostPort } from "./io-errors.ts";
import { addressesOf } from "./listen.ts";
import { LoopTransport, type ProtocolFactory, started } from "./loop-transport.ts";
import { Operation } from "./operation.ts";
import type { DatagramAddress, DatagramProtocol } from "./protocols.ts";
import { hold, letGo, type Resource } from "./resources.ts";
import type { Bytes, DatagramTransport } from "./transports.ts";

/** asyncio's figures, in bytes. */
const HIGH_WATER = 64 * 1024;
const LOW_WATER = HIGH_WATER / 4;

/** How {@link createDatagramEndpoint} makes a socket. One of the addresses, or the family, must be given. */
export interface DatagramEndpointOptions {
  /** Where to receive: asyncio's `local_addr`. Port 0 is any that is free. */
  readonly localAddr?: DatagramAddress | undefined;
  /** To whom to send, and of whom alone to receive: asyncio's `remote_addr`. */
  readonly remoteAddr?: DatagramAddress | undefined;
  /** 4 or 6; by default that of the addresses, or of what their names resolve to first. */
  readonly family?: 4 | 6 | undefined;
  /** Several sockets may be bound to one address: asyncio's `reuse_port`. */
  readonly reusePort?: boolean | undefined;
  /** Allows to send to broadcast addresses: asyncio's `allow_broadcast`. */
  readonly allowBroadcast?: boolean | undefined;
}

/**
 * Makes a UDP socket, and gives the transport and the protocol: asyncio's `create_datagram_endpoint`.
 *
 * A protocol that sends more than the network takes hears `pauseWriting`, as with streams.
 *
 * Cancelling the task that waits leaves nothing open. @throws TypeError and RangeError for bad arguments; Node's error,
 * with its `code` and a message that says what to do, if an address can't be used.
 */
export async function createDatagramEndpoint<P extends DatagramProtocol>(
  protocolFactory: ProtocolFactory<P>,
  options: DatagramEndpointOptions,
): Promise<[transport: DatagramTransport, protocol: P]> {
  checkIsObject(options, "{ localAddr }");
  const { localAddr, remoteAddr, family, reusePort, allowBroadcast } = options;
  if (localAddr !== undefined) checkAddress(localAddr.host, localAddr.port);
  if (remoteAddr !== undefined) checkAddress(remoteAddr.host, remoteAddr.port);
  if (localAddr === undefined && remoteAddr === undefined && family === undefined) {
    throw new RangeError("unexpected address family: give localAddr, remoteAddr or family");
  }
  const loop = getRunningLoop();
  const local = localAddr === undefined ? null : await resolved(loop, localAddr, family);
  const remote = remoteAddr === undefined ? null : await resolved(loop, remoteAddr, family);
  const isV6 = family === undefined ? isIPv6((local ?? remote)?.host ?? "") : family === 6;
  const socketOptions: SocketOptions = { type: isV6 ? "udp6" : "udp4", ...(reusePort === true && { reusePort }) };
  const socket = runInScope(undefined, () => createSocket(socketOptions));
  let transport: Endpoint | null = null;
  const unclaimed: Resource = { loopClosed: () => void (transport ?? socket.close()) };
  hold(loop, unclaimed);
  try {
    if (local !== null) await bound(loop, socket, local);
    if (remote !== null) await fixed(loop, socket, remote);
    if (allowBroadcast === true) {
      if (local === null && remote === null) await bound(loop, socket, { host: isV6 ? "::" : "0.0.0.0", port: 0 });
      socket.setBroadcast(true);
    }
    const protocol = protocolFactory();
    transport = new Endpoint(loop, socket, protocol, copyContext(), remote);
    await started(transport);
    return [transport, protocol];
  } catch (thrown) {
    if (transport === null) socket.close();
    throw thrown;
  } finally {
    letGo(loop, unclaimed);
  }
}

/** The first address that a name stands for. */
async function resolved(
  loop: EventLoop,
  { host, port }: DatagramAddress,
  family: 4 | 6 | undefined,
): Promise<DatagramAddress> {
  const [address] = await addressesOf(loop, hostPort(host, port), "bind", host, family);
  return { host: address as string, port };
}

function bound(loop: EventLoop, socket: Socket, { host, port }: DatagramAddress): Promise<void> {
  return ready(loop, socket, `to bind to ${hostPort(host, port)}`, hostPort(host, port), (done) =>
    socket.bind({ address: host, port, exclusive: true }, done),
  );
}

function fixed(loop: EventLoop, socket: Socket, { host, port }: DatagramAddress): Promise<void> {
  return ready(loop, socket, `a way to ${hostPort(host, port)}`, hostPort(host, port), (done) =>
    socket.connect(port, host, done),
  );
}

async function ready(
  loop: EventLoop,
  socket: Socket,
  what: string,
  where: string,
  begin: (done: (error?: Error) => void) => void,
): Promise<void> {
  const operation = new Operation<void>(loop, what);
  const failed = (error: Error): void => operation.fail(explain(error, "bind", where));
  socket.once("error", failed);
  try {
    runInScope(undefined, () => begin((error) => (error === undefined ? operation.finish() : failed(error))));
    await operation;
  } finally {
    socket.off("error", failed);
  }
}

/** A datagram, or what failed. */
type Event = { readonly data: Buffer; readonly from: DatagramAddress } | { readonly error: unknown };

/** The transport of a UDP socket. */
class Endpoint extends LoopTransport implements DatagramTransport {
  readonly #socket: Socket;
  readonly #remote: DatagramAddress | null;
  readonly #events = new Ring<Event>();
  /** Bytes that Node has not sent yet. */
  #unsent = 0;
  /** Datagrams that it has not sent yet: there are empty ones. */
  #sending = 0;
  #mayResume = false;
  #isDestroyed = false;

  constructor(
    loop: EventLoop,
    socket: Socket,
    protocol: DatagramProtocol,
    context: Context,
    remote: DatagramAddress | null,
  ) {
    super(loop, protocol, context);
    this.#socket = socket;
    this.#remote = remote;
    socket.on("message", (data, from) => this.#received(data, from));
    socket.on("error", (error) => this.#failed(error, this.#describe()));
    socket.on("close", () => this.over());
  }

  override getExtraInfo(name: string, fallback: unknown = null): unknown {
    if (name === "socket") return this.#socket;
    if (name === "peername") return this.#remote ?? fallback;
    return (name === "sockname" ? this.#address() : null) ?? fallback;
  }

  sendto(data: Bytes, to?: DatagramAddress): void {
    if (typeof data !== "string" && !(data instanceof Uint8Array)) {
      throw new TypeError(`data must be a Uint8Array or a string, got ${describe(data)}`);
    }
    const remote = this.#remote;
    if (remote === null) {
      if (to === undefined) throw new TypeError("an address is needed, since the endpoint has no remoteAddr");
      checkAddress(to.host, to.port);
    } else if (to !== undefined && (to.host !== remote.host || to.port !== remote.port)) {
      throw new RangeError(`Invalid address: must be undefined or ${hostPort(remote.host, remote.port)}`);
    }
    if (this.closing) return;
    const bytes = typeof data === "string" ? Buffer.from(data) : data;
    const sent = (error: Error | null): void => this.#sent(bytes.length, error, to ?? (remote as DatagramAddress));
    this.#unsent += bytes.length;
    this.#sending++;
    if (remote === null) this.#socket.send(bytes, (to as DatagramAddress).port, (to as DatagramAddress).host, sent);
    else this.#socket.send(bytes, sent);
    if (!this.protocolIsPaused && this.#unsent > HIGH_WATER) this.pauseProtocol();
  }

  close(): void {
    if (this.closing) return;
    this.closing = true;
    this.#events.clear();
    if (this.#sending === 0) this.destroy();
  }

  abort(): void {
    this.forceClose(null);
  }

  override toString(): string {
    const state = this.#isDestroyed ? ["closed"] : this.closing ? ["closing"] : [];
    return `<${["DatagramTransport", this.#describe(), ...state].join(" ")}>`;
  }

  protected override made(): void {}

  protected override hasMore(): boolean {
    return this.#mayResume || (this.#events.size > 0 && !this.closing);
  }

  protected override deliver(): boolean {
    if (this.#mayResume) this.#mayWriteAgain();
    else if (this.#events.size > 0 && !this.closing) this.#tell(this.#events.shift());
    else return false;
    return true;
  }

  protected override destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#socket.close();
  }

  #tell(event: Event): void {
    const protocol = this.getProtocol() as DatagramProtocol;
    const method = "error" in event ? "errorReceived" : "datagramReceived";
    try {
      const result: unknown =
        "error" in event ? protocol.errorReceived(event.error) : protocol.datagramReceived(event.data, event.from);
      this.returned(method, result);
    } catch (thrown) {
      this.failed(method, thrown);
    }
  }

  #received(data: Buffer, { address, port }: RemoteInfo): void {
    this.#note({ data, from: { host: address, port } });
  }

  #failed(error: Error, where: string): void {
    this.#note({ error: explain(error, "datagram", where) });
  }

  #note(event: Event): void {
    if (this.closing) return;
    this.#events.push(event);
    this.schedule();
  }

  #sent(size: number, error: Error | null, to: DatagramAddress): void {
    this.#unsent -= size;
    this.#sending--;
    if (error !== null) this.#failed(error, hostPort(to.host, to.port));
    if (this.protocolIsPaused && this.#unsent <= LOW_WATER && !this.closing) {
      this.#mayResume = true;
      this.schedule();
    }
    if (this.closing && this.#sending === 0) this.destroy();
  }

  #mayWriteAgain(): void {
    this.#mayResume = false;
    if (this.#unsent > LOW_WATER) return;
    this.resumeProtocol();
  }

  #describe(): string {
    const address = this.#remote ?? this.#address();
    return address === null ? "(not bound)" : hostPort(address.host, address.port);
  }

  #address(): DatagramAddress | null {
    try {
      const { address, port } = this.#socket.address();
      return { host: address, port };
    } catch {
      return null; // It is not bound yet, or closed.
    }
  }
}
