/** A protocol for tests, which notes what it hears, and can be waited for. */
import { Event } from "../../locks.ts";
import { Protocol } from "../protocols.ts";
import type { Transport } from "../transports.ts";

/** Notes every call; what a test wants to happen it sets on `on`. */
export class Recorder extends Protocol {
  transport!: Transport;
  /** The calls, in order: "made", "data hello", "eof", "pause", "resume", "lost null". */
  readonly calls: string[] = [];
  readonly chunks: Buffer[] = [];
  error: unknown = undefined;
  /** What is to be done besides. */
  readonly on: Partial<Record<"made" | "data" | "eof" | "pause" | "resume" | "lost", () => unknown>>;
  readonly #changed = new Event();

  constructor(on: Recorder["on"] = {}) {
    super();
    this.on = on;
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.#note("made");
    this.on.made?.();
  }

  override dataReceived(data: Buffer): void {
    this.chunks.push(data);
    this.#note(`data ${data.length > 40 ? `(${data.length} bytes)` : data.toString()}`);
    this.on.data?.();
  }

  override eofReceived(): boolean {
    this.#note("eof");
    return this.on.eof?.() === true;
  }

  override pauseWriting(): void {
    this.#note("pause");
    this.on.pause?.();
  }

  override resumeWriting(): void {
    this.#note("resume");
    this.on.resume?.();
  }

  override connectionLost(error: unknown): void {
    this.error = error;
    this.#note(`lost ${error === null ? "null" : String((error as { code?: unknown }).code ?? error)}`);
    this.on.lost?.();
  }

  /** Everything that came, as text. */
  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Waits until `condition` holds; it is looked at after each call. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      this.#changed.clear();
      await this.#changed.wait();
    }
  }

  /** Waits for the end of the connection. */
  async lost(): Promise<void> {
    await this.until(() => this.error !== undefined);
  }

  #note(call: string): void {
    this.calls.push(call);
    this.#changed.set();
  }
}
