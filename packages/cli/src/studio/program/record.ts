/** Records this process's program for the studio, line by line, and writes at its end what it did. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { record, summarise } from "@turnwise/lens";
import { atEnd } from "../../lens/at-end.ts";
import { withText } from "./edited-trace.ts";
import { giveEditedText } from "./edited-text.ts";
import type { StudioOptions } from "./launch.ts";
import { tellWhenAsked } from "./tell-when-asked.ts";
import { uncaught } from "./uncaught.ts";

/** From now on, to the end of the process. */
export function recordForStudio(options: StudioOptions): void {
  const { name, file, editedFile, virtual, resultFile, errorFile, isUrged } = options;
  const text = editedFile === null ? null : readFileSync(editedFile, "utf8");
  if (editedFile !== null) giveEditedText(file, editedFile);
  if (/\.[cm]?ts$/.test(file)) loadTypeStripping();
  writeAtOnce(process.stdout);
  writeAtOnce(process.stderr);
  const recording = record({ file: name, virtual, lines: true });
  process.on("uncaughtExceptionMonitor", (thrown) => {
    writeFileSync(errorFile, JSON.stringify(uncaught(thrown, file)));
  });
  let isTold = false;
  const tell = (exitCode: number | null): boolean => {
    if (isTold) return false;
    isTold = true;
    const recorded = recording.stop(exitCode);
    const trace = text === null ? recorded : withText(recorded, file, text);
    // Whoever finds the file finds all of it, though the process may be killed in the midst of this.
    writeFileSync(`${resultFile}.part`, JSON.stringify({ trace, summary: summarise(trace) }));
    renameSync(`${resultFile}.part`, resultFile);
    return true;
  };
  atEnd(tell, () => recording.interrupted());
  if (isUrged) tellWhenAsked(() => tell(null));
}

/**
 * As on a terminal: what was printed is there, also if the program exits right after it, and one that prints without end
 * has to wait for the page instead of filling its memory.
 */
function writeAtOnce(stream: NodeJS.WriteStream): void {
  (stream as { _handle?: { setBlocking?(on: boolean): void } })._handle?.setBlocking?.(true);
}

/** So that the time which that takes is not counted as the program's. */
function loadTypeStripping(): void {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => {}; // That it is experimental in old versions is told when the program is loaded.
  stripTypeScriptTypes("");
  process.emitWarning = emitWarning;
}
