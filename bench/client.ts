/** The client of every server, on `node:net`: as little work as can be, so that a server has not to wait for it. */
import { connect, type Socket } from "node:net";

/** So many connect at once: no more than any server lets wait. */
const WAVE = 50;
/** Every connection reads into this. A client that only counts needs no buffer for each read. */
const RECEIVED: Uint8Array = new Uint8Array(65_536);

/** A connection to a server that gives back what it gets. One message is on its way at most. */
export class EchoConnection {
  readonly #socket: Socket;
  readonly #message: Uint8Array;
  #missing = 0;
  #returned: () => void = () => {};
  /** What came back, until it is clear that the server sends what it got. */
  #proof: Buffer | null;

  private constructor(port: number, message: Uint8Array) {
    this.#message = message;
    this.#proof = Buffer.alloc(message.length);
    this.#socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      onread: { buffer: RECEIVED, callback: (length) => this.#received(length) },
    });
    // Thrown where nobody catches it: there is nothing left to measure.
    this.#socket.on("close", () => {
      throw new Error("the server has closed a connection");
    });
  }

  /** Connects, and sends a first message, which must come back as it is. */
  static async open(port: number, message: Uint8Array): Promise<EchoConnection> {
    const connection = new EchoConnection(port, message);
    await new Promise<void>((resolve) => connection.send(resolve));
    if (connection.#proof?.equals(message) !== true) throw new Error("the server sent something else than it got");
    connection.#proof = null;
    return connection;
  }

  /** Sends the message. @param returned - is called once it is back. */
  send(returned: () => void): void {
    this.#missing = this.#message.length;
    this.#returned = returned;
    this.#socket.write(this.#message);
  }

  #received(length: number): boolean {
    this.#proof?.set(RECEIVED.subarray(0, length), this.#message.length - this.#missing);
    this.#missing -= length;
    if (this.#missing < 0) throw new Error("the server sent more than it got");
    if (this.#missing === 0) this.#returned();
    return true;
  }
}

/** Opens so many connections. */
export async function openAll(port: number, message: Uint8Array, count: number): Promise<EchoConnection[]> {
  const connections: EchoConnection[] = [];
  while (connections.length < count) {
    const wave = Math.min(WAVE, count - connections.length);
    const opened = Array.from({ length: wave }, () => EchoConnection.open(port, message));
    connections.push(...(await Promise.all(opened)));
  }
  return connections;
}

/** Sends the message `count` times, over all connections. @returns how often it came back. */
export function exchange(connections: readonly EchoConnection[], count: number): Promise<number> {
  return new Promise((resolve) => {
    let sent = 0;
    let returned = 0;
    const sendNext = (connection: EchoConnection, whenBack: () => void): void => {
      if (sent === count) return;
      sent++;
      connection.send(whenBack);
    };
    for (const connection of connections) {
      const whenBack = (): void => {
        if (++returned === count) resolve(returned);
        else sendNext(connection, whenBack);
      };
      sendNext(connection, whenBack);
    }
  });
}

/** Opens and closes `count` connections, `atOnce` at a time. @returns how many the server has closed too. */
export async function openAndClose(port: number, count: number, atOnce: number): Promise<number> {
  let opened = 0;
  let closed = 0;
  const work = async (): Promise<void> => {
    while (opened < count) {
      opened++;
      await new Promise<void>((resolve, reject) => {
        // Read to its end: that is the server's close.
        connect({ host: "127.0.0.1", port }).on("error", reject).on("end", resolve).resume().end();
      });
      closed++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return closed;
}
