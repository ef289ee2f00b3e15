/** The notes' programs as the fake server has them: source, recording, output. */
import { readFileSync } from "node:fs";
import { blockingRun, cooperativeRun } from "../../../lens/src/report/testing/notes-traces.ts";
import type { Summary } from "../../../lens/src/summary.ts";
import type { Trace } from "../../../lens/src/trace.ts";
import type { HelloMessage, RunMessage, ServerMessage, StudioProgram } from "../protocol.ts";
import { withLines } from "./with-lines.ts";

interface NotesProgram {
  readonly program: StudioProgram;
  readonly trace: Trace;
  readonly summary: Summary;
}

function notesProgram(name: "blocking" | "cooperative"): NotesProgram {
  const source = readFileSync(new URL(`../../../../examples/${name}.ts`, import.meta.url), "utf8");
  const file = `/home/ada/notes/examples/${name}.ts`;
  const { trace, summary } = name === "blocking" ? blockingRun() : cooperativeRun();
  const lineOf = (text: string): number => source.split("\n").findIndex((line) => line.includes(text)) + 1;
  return {
    program: { name: `${name}.ts`, file: null, language: "typescript", source },
    trace: withLines(
      trace,
      { file, text: source },
      { sleep: lineOf("await asyncio.sleep"), main: lineOf("await asyncio.wait") },
    ),
    summary,
  };
}

export const BLOCKING: NotesProgram = notesProgram("blocking");
export const COOPERATIVE: NotesProgram = notesProgram("cooperative");

export const HELLO: HelloMessage = {
  type: "hello",
  programs: [BLOCKING.program, COOPERATIVE.program],
  shown: 2,
  python: false,
  pid: null,
};

const PRINTED: Record<string, string> = {
  blocking:
    "Task A: Computing 0+1\nTime: 0.00\nTask A: Computing 1+2\nTime: 1.00\nTask A: Sum = 3\n\nTask B: Computing 0+1\nTime: 2.00\nTask B: Computing 1+2\nTime: 3.00\nTask B: Computing 3+3\nTime: 4.01\nTask B: Sum = 6\n\nTime: 5.01 sec\n",
  cooperative:
    "Task A: Computing 0+1\nTime: 0.00\nTask B: Computing 0+1\nTime: 0.00\nTask A: Computing 1+2\nTime: 1.00\nTask B: Computing 1+2\nTime: 1.00\nTask A: Sum = 3\n\nTask B: Computing 3+3\nTime: 2.00\nTask B: Sum = 6\n\nTime: 3.01 sec\n",
};

/** A run of a notes' program that ends well. */
export function ranWell({ slot, run, name }: RunMessage): ServerMessage[] {
  const notes = name === "cooperative.ts" ? COOPERATIVE : BLOCKING;
  const kind = notes === COOPERATIVE ? "cooperative" : "blocking";
  return ranAs(slot, run, notes.trace, notes.summary, PRINTED[kind]);
}

/** A run that was recorded, and ended well. */
export function ranAs(slot: number, run: number, trace: Trace, summary: Summary, printed = ""): ServerMessage[] {
  const file = trace.sources[0]?.file ?? "/home/ada/notes/program.ts";
  return [
    { type: "started", slot, run, file, pid: 4242 },
    ...(printed === "" ? [] : [{ type: "output", slot, run, stream: "stdout", text: printed, at: 0 } as const]),
    { type: "trace", slot, run, trace, summary },
    { type: "ended", slot, run, exitCode: 0, signal: null, stopped: false, recorded: true, error: null },
  ];
}
