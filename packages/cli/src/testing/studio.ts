/** `turnwise studio` as a person starts it, and a page that talks to it. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type {
  ClientMessage,
  EndedMessage,
  RunMessage,
  ServerMessage,
  StartedMessage,
  TraceMessage,
} from "@turnwise/studio/protocol";
import { WebSocket } from "ws";
import { type Outcome, type Running, start } from "./program.ts";

type OfType<T extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: T }>;

/** What came of a run. */
export interface StudioRun {
  readonly started: StartedMessage | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly trace: TraceMessage | undefined;
  readonly ended: EndedMessage;
  readonly messages: readonly ServerMessage[];
}

/** The command, which ends with the test. */
export class Studio implements AsyncDisposable {
  readonly running: Running;
  readonly url: string;
  readonly #pages: Page[] = [];

  private constructor(running: Running, url: string) {
    this.running = running;
    this.url = url;
  }

  static async start(args: readonly string[] = [], cwd?: string): Promise<Studio> {
    const running = start(["studio", "--no-open", ...args], cwd === undefined ? {} : { cwd });
    const ended = running.outcome.then(({ stderr }) => {
      throw new Error(`turnwise studio has ended: ${stderr}`);
    });
    let printed = "";
    running.child.stdout?.on("data", (text: string) => (printed += text));
    await Promise.race([running.printed("\n"), ended]);
    ended.catch(() => {});
    return new Studio(running, printed.trim());
  }

  async page(): Promise<Page> {
    const page = await Page.open(this.url);
    this.#pages.push(page);
    return page;
  }

  /** Ctrl-C. */
  async interrupt(): Promise<Outcome> {
    this.running.child.kill("SIGINT");
    return await this.running.outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const page of this.#pages) page.close();
    await this.interrupt();
  }
}

/** An open page. */
export class Page {
  readonly #socket: WebSocket;
  readonly #heard: ServerMessage[] = [];
  readonly #news = new EventTarget();
  #runs = 0;
  /** Settles when the connection is gone. */
  readonly closed: Promise<unknown>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = once(socket, "close");
    socket.on("message", (data: Buffer) => {
      this.#heard.push(JSON.parse(data.toString()) as ServerMessage);
      this.#news.dispatchEvent(new Event("message"));
    });
  }

  static async open(url: string): Promise<Page> {
    const socket = new WebSocket(new URL("socket", url.replace("http:", "ws:")), { origin: new URL(url).origin });
    const page = new Page(socket);
    await once(socket, "open");
    return page;
  }

  /** As text: also what makes no sense. */
  say(message: ClientMessage | string): void {
    this.#socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** The first message of a type, and of a run, that has come or comes. */
  async hear<T extends ServerMessage["type"]>(type: T, run?: number): Promise<OfType<T>> {
    for (;;) {
      const found = this.#heard.find((each) => each.type === type && (run === undefined || runOf(each) === run));
      if (found !== undefined) return found as OfType<T>;
      await once(this.#news, "message");
    }
  }

  /** Begins a run of a program that has no file, or as `change` says. @returns its number. */
  begin(source: string, change: Partial<RunMessage> = {}): number {
    const run = change.run ?? ++this.#runs;
    const program = { source, language: "typescript", file: null, name: "program.ts", virtual: false } as const;
    this.say({ type: "run", slot: 0, ...program, ...change, run });
    return run;
  }

  /** Hears a run to its end. */
  async end(run: number): Promise<StudioRun> {
    const ended = await this.hear("ended", run);
    const messages = this.#heard.filter((each) => runOf(each) === run);
    const output = messages.filter((each) => each.type === "output");
    const textOf = (stream: string): string => output.map((each) => (each.stream === stream ? each.text : "")).join("");
    return {
      started: messages.find((each) => each.type === "started"),
      stdout: textOf("stdout"),
      stderr: textOf("stderr"),
      trace: messages.find((each) => each.type === "trace"),
      ended,
      messages,
    };
  }

  async run(source: string, change: Partial<RunMessage> = {}): Promise<StudioRun> {
    return await this.end(this.begin(source, change));
  }

  /** How many messages of a type have come. */
  count(type: ServerMessage["type"]): number {
    return this.#heard.filter((each) => each.type === type).length;
  }

  /** Settles when so much has been printed. */
  async printed(text: string, run: number): Promise<void> {
    for (;;) {
      const isThere = this.#heard.some(
        (each) => each.type === "output" && each.run === run && each.text.includes(text),
      );
      if (isThere) return;
      await once(this.#news, "message");
    }
  }

  close(): void {
    this.#socket.terminate();
  }
}

function runOf(message: ServerMessage): number | undefined {
  return "run" in message ? message.run : undefined;
}

/** Whether a process runs. One that has ended may be listed for as long as its parent does not ask for it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
