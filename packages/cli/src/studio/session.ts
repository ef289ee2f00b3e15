/** `Session`: what one open page asks for. Whatever it has started ends with it. */
import type { HelloMessage, ServerMessage, StudioProgram } from "@turnwise/studio/protocol";
import { type RawData, WebSocket } from "ws";
import { LiveTasks } from "./live-tasks.ts";
import { readMessage } from "./messages.ts";
import { ProgramRun } from "./program-run.ts";

/** What each page is offered. */
export type Offer = Omit<HelloMessage, "type">;

/** One page, and the programs that run for it. */
export class Session {
  readonly #socket: WebSocket;
  readonly #offer: Offer;
  readonly #files: ReadonlySet<StudioProgram["file"]>;
  /** The newest run of each slot. */
  readonly #runs = new Map<number, ProgramRun>();
  /** What is at work for the page, also what was stopped and is about to end. */
  readonly #atWork = new Set<ProgramRun | LiveTasks>();
  #live: LiveTasks | null = null;
  /** Settles when the page is gone, and all that it had started. */
  readonly ended: Promise<void>;

  constructor(socket: WebSocket, offer: Offer) {
    this.#socket = socket;
    this.#offer = offer;
    this.#files = new Set(offer.programs.map(({ file }) => file));
    this.ended = new Promise((resolve) => socket.once("close", () => resolve(this.#end())));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, isBinary) => this.#hear(isBinary ? "" : textOf(data)));
    this.#tell({ type: "hello", ...offer });
  }

  /** Ends it, whatever the page says. */
  close(): void {
    this.#socket.terminate();
  }

  async #end(): Promise<void> {
    for (const each of this.#atWork) each.stop(false);
    await Promise.all([...this.#atWork].map(({ ended }) => ended));
  }

  #begin(work: ProgramRun | LiveTasks): void {
    this.#atWork.add(work);
    void work.ended.finally(() => this.#atWork.delete(work));
  }

  #hear(text: string): void {
    const message = readMessage(text);
    if (typeof message === "string") {
      this.#tell({ type: "refused", message });
      return;
    }
    switch (message.type) {
      case "run":
        if (message.file === null || this.#files.has(message.file)) this.#run(message);
        else this.#tell({ type: "refused", message: `${message.file} is not among the files that were named` });
        break;
      case "stop":
        this.#runs.get(message.slot)?.stop(true);
        break;
      case "watch":
        if (this.#offer.pid === null) this.#tell({ type: "refused", message: "no process was named" });
        else if (this.#live === null) this.#watch(this.#offer.pid);
        break;
      case "unwatch":
        this.#live?.stop();
        this.#live = null;
        break;
    }
  }

  #run(request: ConstructorParameters<typeof ProgramRun>[0]): void {
    const before = this.#runs.get(request.slot);
    before?.stop(true);
    const listener = {
      tell: (message: ServerMessage) => this.#tell(message),
      tellText: (json: string) => this.#send(json),
    };
    const run = new ProgramRun(request, listener, before);
    this.#runs.set(request.slot, run);
    this.#begin(run);
  }

  #watch(pid: number): void {
    const live = new LiveTasks(pid, (message) => this.#tell(message));
    this.#live = live;
    this.#begin(live);
    // When the process is gone, the page may ask again.
    void live.ended.finally(() => {
      if (this.#live === live) this.#live = null;
    });
  }

  #tell(message: ServerMessage): void {
    this.#send(JSON.stringify(message));
  }

  #send(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }
}

function textOf(data: RawData): string {
  return (data as Buffer).toString(); // What comes in several pieces is one for `ws`.
}
