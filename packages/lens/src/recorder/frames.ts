/** Lines of stack traces as frames. */
import { fileURLToPath } from "node:url";
import type { Frame } from "../trace.ts";

const LINE = /^\s*at (?:async )?(?:(.*) \()?(.+):(\d+):(\d+)\)?$/;

/** The frame of a line of a stack trace, "    at name (file:line:column)"; null if it is none. */
export function frameOf(line: string): Frame | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, name = "", place = "", row, column] = match;
  const file = place.startsWith("file:") ? fileURLToPath(place) : place;
  return { function: name.replace(/^new /, ""), file, line: Number(row), column: Number(column) };
}
