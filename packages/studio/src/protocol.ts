/**
 * What the page and the server of `turnwise studio` say to each other: JSON, a message a frame, over one WebSocket.
 *
 * The page lies at `http://127.0.0.1:PORT/TOKEN/`, the socket at `socket` beneath it; every address that the page asks
 * for is relative, so that the token goes along. A connection is one page's: when it closes, all that runs for it is
 * stopped. The server says `hello` first.
 */
import type { Deadlock, Snapshot, Summary, Trace } from "@turnwise/lens";

/** So many programs lie side by side. */
export const SLOTS = 4;

export type Language = "typescript" | "python";

/** What the page says. */
export type ClientMessage = RunMessage | StopMessage | WatchMessage | UnwatchMessage;

/** Runs a program. What still runs in the slot is stopped first. */
export interface RunMessage {
  readonly type: "run";
  /** From 0 to `SLOTS - 1`. */
  readonly slot: number;
  /** Chosen by the page, for each run another: whatever the server says of the run bears it. */
  readonly run: number;
  readonly source: string;
  readonly language: Language;
  /** The file whose text the source is, or was before it was edited, as `hello` names it; null if there is none. */
  readonly file: string | null;
  /** What the program is called if it has no file: "blocking.ts". */
  readonly name: string;
  /** Under virtual time. */
  readonly virtual: boolean;
}

/** Stops what runs in a slot: as Ctrl-C does, and by force if it does not end by that. `ended` follows. */
export interface StopMessage {
  readonly type: "stop";
  readonly slot: number;
}

/** From now on `tasks` comes every second, of the process that `hello` names. */
export interface WatchMessage {
  readonly type: "watch";
}

export interface UnwatchMessage {
  readonly type: "unwatch";
}

/** What the server says. */
export type ServerMessage =
  | HelloMessage
  | StartedMessage
  | OutputMessage
  | OutputCutMessage
  | TraceMessage
  | EndedMessage
  | TasksMessage
  | SlowMessage
  | GoneMessage
  | RefusedMessage;

/** What there is. */
export interface HelloMessage {
  readonly type: "hello";
  /** What to show at first, at most `SLOTS` that are to be run at once; those after that are to choose from. */
  readonly programs: readonly StudioProgram[];
  /** How many of `programs` to show and run at first. */
  readonly shown: number;
  /** Whether Python programs can be run. */
  readonly python: boolean;
  /** The process whose tasks can be watched; null if none was named. */
  readonly pid: number | null;
}

export interface StudioProgram {
  /** What it is called: its file as the person named it, or the name of an example. */
  readonly name: string;
  /** Its file, absolute; null for an example. */
  readonly file: string | null;
  readonly language: Language;
  readonly source: string;
}

/** The run has begun. It comes before all that is said of the run. */
export interface StartedMessage {
  readonly type: "started";
  readonly slot: number;
  readonly run: number;
  /** What `Frame.file` of the trace says where it means the source that was run. */
  readonly file: string;
  /** The program's process; null if there is none: it can't be parsed. */
  readonly pid: number | null;
}

/** What the program printed. */
export interface OutputMessage {
  readonly type: "output";
  readonly slot: number;
  readonly run: number;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** When it came: milliseconds since 1970. */
  readonly at: number;
}

/** The stream has had so many characters that the rest is left out. The program runs on. */
export interface OutputCutMessage {
  readonly type: "cut";
  readonly slot: number;
  readonly run: number;
  readonly stream: "stdout" | "stderr";
  /** So many were shown. */
  readonly limit: number;
}

/** What the program's loop did. After all output, right before `ended`; not of every run: see `EndedMessage.recorded`. */
export interface TraceMessage {
  readonly type: "trace";
  readonly slot: number;
  readonly run: number;
  /** Recorded with lines: `TraceStep.at` and `Trace.sources` are there. */
  readonly trace: Trace;
  readonly summary: Summary;
}

/** The program is over, or never began. The last message of a run. */
export interface EndedMessage {
  readonly type: "ended";
  readonly slot: number;
  readonly run: number;
  /** Null if a signal ended it, or it never began. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Because of `stop`, or of another `run` in the slot. */
  readonly stopped: boolean;
  /** Whether `trace` came. A process that was killed by force may have none. */
  readonly recorded: boolean;
  /** What was wrong, if it is known. */
  readonly error: ProgramError | null;
}

/** A syntax error, or an error that nobody caught. */
export interface ProgramError {
  /** In one line: "SyntaxError: Unexpected token ')'". */
  readonly message: string;
  /** As in a trace's frames; null if it is not known. The error may be in a file that the program imports. */
  readonly file: string | null;
  /** From 1; null if it is not known. */
  readonly line: number | null;
  readonly column: number | null;
}

/** The tasks of the process that is watched. */
export interface TasksMessage {
  readonly type: "tasks";
  readonly snapshot: Snapshot;
  readonly deadlocks: readonly Deadlock[];
}

/** The process that is watched does not answer so far; it is asked on. */
export interface SlowMessage {
  readonly type: "slow";
  /** Why, in words. */
  readonly message: string;
}

/** The process can't be watched, or not any more. The watching is over; the page may ask again. */
export interface GoneMessage {
  readonly type: "gone";
  /** Whether the process has ended, or never was. */
  readonly ended: boolean;
  readonly message: string;
}

/** A message that the server could not make sense of, or must not follow. */
export interface RefusedMessage {
  readonly type: "refused";
  readonly message: string;
}
