/** `ProgramRun`: one run of a program of the page's, from its text to its end. */
import type { EndedMessage, OutputMessage, RunMessage, ServerMessage } from "@turnwise/studio/protocol";
import { INTERRUPTS } from "../python-interrupts.ts";
import { programArgs } from "../run.ts";
import { Child, type ChildEnd } from "./child.ts";
import { Output } from "./output.ts";
import { studioEnvironment, studioPreload } from "./program/launch.ts";
import { ProgramPlace } from "./program-place.ts";
import { pythonError } from "./python-error.ts";
import { findSyntaxError } from "./syntax-error.ts";

const virtualPreload = new URL("../virtual/preload.js", import.meta.url);

/** Who hears of the run. */
export interface RunListener {
  readonly tell: (message: ServerMessage) => void;
  /** A message that is JSON already. */
  readonly tellText: (json: string) => void;
}

/** Runs whose processes and files are there: if this process has to end at once, these must not stay. */
const running = new Set<ProgramRun>();
process.on("exit", () => running.forEach((run) => run.abandon()));

/** It begins at once, or when its slot is free. */
export class ProgramRun {
  readonly #request: RunMessage;
  readonly #listener: RunListener;
  #place: ProgramPlace | null = null;
  #child: Child | null = null;
  #stopped = false;
  /** Settles when its process and its files are gone. */
  readonly ended: Promise<void>;

  /** @param before - what was in the slot, and is about to end. */
  constructor(request: RunMessage, listener: RunListener, before: ProgramRun | undefined) {
    this.#request = request;
    this.#listener = listener;
    this.ended = this.#run(before);
  }

  /** Ends the program, whatever it does. @param mayTell - somebody waits for what it has to tell. */
  stop(mayTell: boolean): void {
    this.#stopped = true;
    this.#child?.stop(mayTell);
  }

  /** Leaves nothing behind, and waits for nothing. */
  abandon(): void {
    this.#child?.kill();
    this.#place?.[Symbol.dispose]();
  }

  async #run(before: ProgramRun | undefined): Promise<void> {
    await before?.ended;
    running.add(this);
    try {
      using place = new ProgramPlace(this.#request);
      this.#place = place;
      const error = this.#isPython ? null : await findSyntaxError(place);
      if (error === null && !this.#stopped) await this.#runIn(place);
      else {
        this.#tell({ type: "started", file: place.file, pid: null });
        this.#tellEnd({ error });
      }
    } catch (thrown) {
      // No disk space, no more processes: whatever is the matter with this machine.
      this.#tellEnd({ error: { message: String(thrown), file: null, line: null, column: null } });
    } finally {
      running.delete(this);
    }
  }

  async #runIn(place: ProgramPlace): Promise<void> {
    const child = this.#start(place);
    this.#child = child;
    this.#tell({ type: "started", file: place.file, pid: child.pid ?? null });
    const [stdout, stderr] = [this.#read("stdout", child), this.#read("stderr", child)];
    const end: ChildEnd = await child.ended;
    stdout.flush();
    stderr.flush();
    const result = place.result();
    if (result !== null) this.#listener.tellText(this.#withResult(result));
    const failed = end.code !== 0 && !this.#stopped;
    const error = this.#isPython ? pythonError(stderr.tail, place.file, this.#request.source) : place.error();
    this.#tellEnd({ ...end, recorded: result !== null, error: failed ? error : null });
  }

  get #isPython(): boolean {
    return this.#request.language === "python";
  }

  #start({ file, editedFile, env, resultFile, errorFile }: ProgramPlace): Child {
    const { name, virtual } = this.#request;
    // Under the virtual clock no thread may be beside the program's, and none can listen there.
    const byPipe = virtual ? null : this.#isPython ? "Ctrl-C" : "urgent";
    const options = { name, file, editedFile, virtual, resultFile, errorFile, isUrged: byPipe === "urgent" };
    const interrupts = byPipe === "Ctrl-C" ? { [INTERRUPTS]: "3" } : {};
    const args = this.#isPython ? programArgs(file, [], { virtual, recorded: false }) : nodeArgs(file, virtual);
    return new Child(args, { ...process.env, ...env, ...interrupts, ...studioEnvironment(options) }, byPipe);
  }

  #read(stream: "stdout" | "stderr", child: Child): Output {
    const output = new Output({
      text: (text, at) => this.#tell({ type: "output", stream, text, at }),
      cut: (limit) => this.#tell({ type: "cut", stream, limit }),
    });
    child[stream].setEncoding("utf8").on("data", (text: string) => output.write(text));
    return output;
  }

  /** The trace and the summary go as they are: to read and to write them again would take longer than all the rest. */
  #withResult(json: string): string {
    const { slot, run } = this.#request;
    return `${JSON.stringify({ type: "trace", slot, run }).slice(0, -1)},${json.slice(1)}`;
  }

  #tellEnd(end: Partial<ChildEnd> & Partial<Pick<EndedMessage, "recorded" | "error">>): void {
    const { code = null, signal = null, recorded = false, error = null } = end;
    this.#tell({ type: "ended", exitCode: code, signal, stopped: this.#stopped, recorded, error });
  }

  #tell(message: WithoutRun<ServerMessage>): void {
    const { slot, run } = this.#request;
    this.#listener.tell({ ...message, slot, run } as ServerMessage);
  }
}

function nodeArgs(file: string, virtual: boolean): string[] {
  // The clock first: a recording goes by it.
  const preloads = [...(virtual ? [virtualPreload] : []), studioPreload];
  return [...process.execArgv, ...preloads.flatMap(({ href }) => ["--import", href]), file];
}

type OfRun = Extract<ServerMessage, Pick<OutputMessage, "slot" | "run">>;
type WithoutRun<M> = M extends OfRun ? Omit<M, "slot" | "run"> : never;
