/** `Wire`: a client of plain Node, which knows what it has asked and checks each byte that comes. */
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { runInScope } from "../../async-context.ts";
import { AUTHORITY } from "../testing/certificates.ts";
import { Answers } from "./dialogue.ts";
import type { Random } from "./random.ts";

/** How to reach a server. */
export type Way =
  | { readonly kind: "tcp" | "tls" | "starttls"; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** Nothing may take longer than this, in milliseconds. */
const PATIENCE = 15_000;

export class Wire {
  readonly answers: Answers = new Answers();
  /** The other side has said that it sends no more. */
  hasEnded = false;
  /** What went wrong with the connection. */
  error: NodeJS.ErrnoException | null = null;
  /** Something that may never happen. */
  problem: string | null = null;
  readonly #way: Way;
  readonly #random: Random;
  /** What a reset goes to: below TLS. */
  readonly #raw: Socket;
  #socket: Socket;
  #isClosed = false;
  #isSecure = false;
  #waiting: (() => void)[] = [];

  constructor(way: Way, random: Random) {
    this.#way = way;
    this.#random = random;
    const where = way.kind === "unix" ? { path: way.path } : { port: way.port, host: "127.0.0.1" };
    this.#raw = runInScope(undefined, () => connect({ ...where, allowHalfOpen: true }));
    this.#socket = way.kind === "tls" ? this.#secure() : this.#watch(this.#raw);
  }

  /** Plain Node's socket: below TLS where that was not reached yet. */
  get socket(): Socket {
    return this.#socket;
  }

  /** TLS has no half-closed connections. */
  get canHalfClose(): boolean {
    return this.#way.kind === "tcp" || this.#way.kind === "unix";
  }

  /** Tells the number of the client, and begins TLS where it is begun that way. */
  async greet(client: number): Promise<void> {
    if (this.#way.kind !== "starttls") {
      await this.send(Buffer.from(`hello ${client}\n`));
      return;
    }
    const socket = this.#socket;
    let reply = "";
    socket.removeAllListeners("data").on("data", (data: Buffer) => {
      reply += String(data);
      this.#changed();
    });
    await this.send(Buffer.from(`hello ${client} tls\n`));
    await this.until(() => reply !== "" || this.hasEnded);
    if (reply !== "go\n") {
      if (reply !== "") this.problem = `"go" was expected, ${JSON.stringify(reply)} came`;
      return;
    }
    if (!this.isOpen()) return;
    socket.removeAllListeners("data").removeAllListeners("end").removeAllListeners("close");
    this.#socket = this.#secure();
  }

  /** Sends a line, and notes what is to come for it. */
  async ask(line: Buffer): Promise<void> {
    this.answers.ask(line);
    await this.send(line);
  }

  /** Sends `data` in random parts at random times, at the pace of the server. */
  async send(data: Buffer): Promise<void> {
    const random = this.#random;
    for (let from = 0; from < data.length && this.isOpen();) {
      const to = from + random.between(1, random.chance(0.2) ? 5 : data.length);
      this.#socket.write(data.subarray(from, to));
      from = to;
      if (random.chance(0.1)) await pause(random.between(0, 4));
      if (this.#socket.writableLength > 65_536) await this.until(() => this.#socket.writableLength === 0);
    }
  }

  /** Whether there is any use in sending. */
  isOpen(): boolean {
    return !this.#isClosed && this.#socket.writable;
  }

  /** Waits until all answers came, then says that there will be no more lines, and reads to the end. */
  async finish(): Promise<void> {
    if (this.canHalfClose) this.answers.end();
    // Who ends it amid the handshake gives up.
    else if (await this.until(() => this.#isSecure || this.hasEnded))
      await this.until(() => this.answers.isComplete() || this.hasEnded);
    if (this.#socket.writable) this.#socket.end();
    if (!(await this.until(() => this.hasEnded))) this.problem = "the server does not close the connection";
  }

  /** Waits for something, but not once the connection is closed. @returns false if it took too long. */
  async until(condition: () => boolean, milliseconds: number = PATIENCE): Promise<boolean> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#changed();
    }, milliseconds);
    while (!condition() && !this.#isClosed && !isLate) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    clearTimeout(timer);
    return condition() || this.#isClosed;
  }

  /** Drops the connection: by a reset, or without a word. */
  async drop(how: "reset" | "destroy"): Promise<void> {
    // Only TCP knows resets. Node leaks the socket where a shutdown is under way, and sends first what was written.
    const { writableLength } = this.#raw;
    const canReset = this.#way.kind !== "unix" && this.isOpen() && this.#raw.writable && writableLength === 0;
    if (how === "reset" && canReset) this.#raw.resetAndDestroy();
    else this.#socket.destroy();
    if (!(await this.until(() => false))) this.problem ??= "Node does not close the socket";
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #secure(): Socket {
    const options = { socket: this.#raw, ca: AUTHORITY, servername: "localhost" };
    const socket = runInScope(undefined, () => connectTls(options));
    socket.once("secureConnect", () => {
      this.#isSecure = true;
      this.#changed();
    });
    return this.#watch(socket);
  }

  #watch<S extends Socket>(socket: S): S {
    socket.on("data", (data: Buffer) => {
      this.answers.receive(data);
      this.#changed();
    });
    socket.on("end", () => {
      this.hasEnded = true;
      this.#changed();
    });
    socket.on("error", (error) => (this.error ??= error));
    socket.on("close", () => {
      this.#isClosed = true;
      this.#changed();
    });
    socket.on("drain", () => this.#changed());
    return socket;
  }
}
