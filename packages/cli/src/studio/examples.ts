/** `notesPrograms`: the three programs of the notes, which the command carries: plain, blocking, cooperative. */
import { readFileSync } from "node:fs";
import type { StudioProgram } from "@turnwise/studio/protocol";

/** A copy of the repository's: see `copy-examples.ts`. */
const FOLDER = new URL("./examples/", import.meta.url);
/** In the order in which the notes show them. */
export const NAMES: readonly string[] = ["plain", "blocking", "cooperative"];

/** In a language. */
export function notesPrograms(language: StudioProgram["language"]): StudioProgram[] {
  return NAMES.map((name) => {
    const file = `${name}.${language === "python" ? "py" : "ts"}`;
    return { name: file, file: null, language, source: readFileSync(new URL(file, FOLDER), "utf8") };
  });
}
