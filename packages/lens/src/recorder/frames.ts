/** Lines of stack traces as frames. */
import { filePath } from "../blame/stack.ts";
import type { Frame } from "../trace.ts";

const LINE = /^\s*at (?:async )?(?:(.*) \()?(.+):(\d+):(\d+)\)?$/;

/** The frame of a line of a stack trace, "    at name (file:line:column)", where the name may be empty; null if it is none. */
export function frameOf(line: string): Frame | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, name = "", place = "", row, column] = match;
  return { function: name.replace(/^new /, ""), file: filePath(place), line: Number(row), column: Number(column) };
}
