/** Records this process's program, and tells at its end what it did. */
import { writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { styleText } from "node:util";
import { brief, formatSummary, htmlReport, record, summarise, writePerfetto } from "@turnwise/lens";
import { atEnd } from "./at-end.ts";
import type { LensOptions } from "./launch-options.ts";
import { FileWriter } from "./file-writer.ts";

/** From now on, to the end of the process. */
export function recordProgram(options: LensOptions): void {
  if (/\.[cm]?ts$/.test(options.file)) loadTypeStripping();
  const recording = record({ file: options.file, virtual: options.virtual });
  atEnd(
    (exitCode) => tell(options, recording.stop(exitCode)),
    () => recording.interrupted(),
  );
}

/** So that the time which that takes is not counted as the program's. */
function loadTypeStripping(): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {}; // That it is experimental is told when the program is loaded.
  try {
    stripTypeScriptTypes("");
  } finally {
    process.emitWarning = emitWarning;
  }
}

function tell(options: LensOptions, trace: ReturnType<ReturnType<typeof record>["stop"]>): void {
  const summary = summarise(trace);
  const told: string[] = [];
  if (options.summary) {
    const colour = process.stderr.isTTY && process.stderr.hasColors();
    told.push(`\n${formatSummary(summary, { colour, cwd: trace.program.cwd })}`);
  }
  if (options.report !== undefined) {
    told.push(write("report", options.report, (file) => file.write(htmlReport(trace, summary))));
  }
  if (options.trace !== undefined) {
    told.push(write("trace", options.trace, (file) => writePerfetto(trace, (text) => file.write(text))));
  }
  if (options.json) told.push(JSON.stringify(brief(summary)));
  if (options.toldFile !== undefined) writeFileSync(options.toldFile, told.map((text) => `${text}\n`).join(""));
  if (options.summaryFile !== undefined) writeFileSync(options.summaryFile, JSON.stringify(summary));
}

/** @returns what to tell of it. */
function write(what: string, path: string, fill: (file: FileWriter) => void): string {
  try {
    const file = new FileWriter(path);
    fill(file);
    file.close();
    return `${what}: ${path}`;
  } catch (thrown) {
    const error = styleText("red", "error:", { stream: process.stderr });
    return `${error} the ${what} could not be written: ${(thrown as Error).message}`;
  }
}
