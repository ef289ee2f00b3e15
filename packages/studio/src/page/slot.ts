/** `Slot`: one of the programs that lie side by side: its source, its run, and what was recorded of it. */
import { whereabouts } from "../../../lens/src/analysis/figures.ts";
import type { Frame } from "../../../lens/src/trace.ts";
import type { EndedMessage, Language, OutputMessage, ServerMessage, StudioProgram } from "../protocol.ts";
import { recorded, type Recorded } from "./recorded.ts";

export type RunState = "not run" | "running" | "stopping" | "ended";

/** Something a run printed, or a note of the page's own about it. */
export interface OutputChunk {
  readonly stream: OutputMessage["stream"] | "note";
  readonly text: string;
}

export class Slot {
  /** From 0; the server knows the slot by it. */
  readonly index: number;
  readonly name: string;
  readonly file: string | null;
  readonly language: Language;
  /** The text in the editor. */
  text: string;
  /** The text that was run last, or was recorded. */
  ranText: string | null = null;
  isVirtual = false;
  state: RunState = "not run";
  output: readonly OutputChunk[] = [];
  ended: EndedMessage | null = null;
  recorded: Recorded | null = null;
  /** What frames of the trace call the program's own file. */
  ownFile: string | null = null;
  /** The file whose text is shown in place of the program's own; null for that one. */
  shownFile: string | null = null;
  /** It comes from a saved trace. */
  readonly isSaved: boolean;
  /** The number of the run that is shown; what the server says of others is late, and is left out. */
  run = 0;

  constructor(index: number, program: StudioProgram, isSaved = false) {
    this.index = index;
    this.name = program.name;
    this.file = program.file;
    this.language = program.language;
    this.text = program.source;
    this.isSaved = isSaved;
  }

  /** A to D. */
  get letter(): string {
    return "ABCD"[this.index] ?? "?";
  }

  get isBusy(): boolean {
    return this.state === "running" || this.state === "stopping";
  }

  /** The text is another than that which was recorded: lines don't match. */
  get isEdited(): boolean {
    return this.ranText !== null && this.ranText !== this.text;
  }

  /** `file:line:column`; the program's own file, which may be run from elsewhere, by the name that it has here. */
  placeInWords(frame: Frame): string {
    const file = frame.file === this.ownFile ? this.name : frame.file;
    return whereabouts({ ...frame, file }, this.recorded?.trace.program.cwd);
  }

  /** Forgets the last run. */
  begin(run: number): void {
    this.run = run;
    this.state = "running";
    this.ranText = this.text;
    this.output = [];
    this.ended = null;
    this.recorded = null;
    this.ownFile = null;
    this.shownFile = null;
  }

  showSaved(saved: Recorded): void {
    this.recorded = saved;
    this.ownFile = this.file;
    this.ranText = this.text;
  }

  /** What the server says of this run. */
  hear(message: Extract<ServerMessage, { run: number }>): void {
    switch (message.type) {
      case "started":
        this.ownFile = message.file;
        return;
      case "output":
        this.#print(message.stream, message.text);
        return;
      case "cut":
        this.#note(
          `… the rest of ${message.stream} is left out: more than ${message.limit.toLocaleString("en-GB")} characters`,
        );
        return;
      case "trace":
        this.recorded = recorded(message.trace, message.summary);
        return;
      case "ended":
        this.state = "ended";
        this.ended = message;
        this.#note(endingInWords(message));
        return;
    }
  }

  #print(stream: OutputMessage["stream"], text: string): void {
    const last = this.output.at(-1);
    const joined = last?.stream === stream ? [...this.output.slice(0, -1), { stream, text: last.text + text }] : null;
    this.output = joined ?? [...this.output, { stream, text }];
  }

  #note(text: string): void {
    this.output = [...this.output, { stream: "note", text }];
  }
}

function endingInWords({ exitCode, signal, stopped, error }: EndedMessage): string {
  const how = signal === null ? (exitCode === null ? "did not begin" : `exit code ${exitCode}`) : signal;
  if (stopped) return `stopped (${how})`;
  return error !== null && exitCode === null && signal === null ? "not run: see the error above" : how;
}
