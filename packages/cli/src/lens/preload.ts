/** Loaded before a program that is recorded: records it, and says at its end what it did. */
import { writeFileSync, writeSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { isMainThread } from "node:worker_threads";
import { styleText } from "node:util";
import { brief, formatSummary, htmlReport, record, summarise, writePerfetto } from "@turnwise/lens";
import { atEnd } from "./at-end.ts";
import { type LensOptions, takeLensOptions } from "./launch-options.ts";
import { FileWriter } from "./file-writer.ts";

const options = isMainThread ? takeLensOptions() : null;
if (options !== null) {
  if (/\.[cm]?ts$/.test(options.file)) loadTypeStripping();
  const recording = record({ file: options.file, virtual: options.virtual });
  atEnd(
    (exitCode) => tell(options, recording.stop(exitCode)),
    () => recording.interrupted(),
  );
}

/** So that the time which that takes is not counted as the program's. */
function loadTypeStripping(): void {
  const { emitWarning } = process;
  process.emitWarning = () => {}; // That it is experimental is told when the program is loaded.
  try {
    stripTypeScriptTypes("");
  } finally {
    process.emitWarning = emitWarning;
  }
}

function tell(options: LensOptions, trace: ReturnType<ReturnType<typeof record>["stop"]>): void {
  const summary = summarise(trace);
  if (options.summary) {
    const colour = process.stderr.isTTY && process.stderr.hasColors();
    print(`\n${formatSummary(summary, { colour, cwd: trace.program.cwd })}\n`);
  }
  if (options.report !== undefined) write("report", options.report, (file) => file.write(htmlReport(trace, summary)));
  if (options.trace !== undefined)
    write("trace", options.trace, (file) => writePerfetto(trace, (text) => file.write(text)));
  if (options.summaryFile !== undefined) writeFileSync(options.summaryFile, JSON.stringify(summary));
  if (options.json) print(`${JSON.stringify(brief(summary))}\n`);
}

function write(what: string, path: string, fill: (file: FileWriter) => void): void {
  try {
    const file = new FileWriter(path);
    fill(file);
    file.close();
    print(`${what}: ${path}\n`);
  } catch (thrown) {
    print(
      `${styleText("red", "error:", { stream: process.stderr })} the ${what} could not be written: ${(thrown as Error).message}\n`,
    );
  }
}

/** The process is about to end: what is not written now is lost. */
function print(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(2, bytes, at);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code !== "EAGAIN") return; // Nobody reads it.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
