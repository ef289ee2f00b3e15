/** `pythonError`: what Python said last, and the line that it named. */
import type { ProgramError } from "@turnwise/studio/protocol";

/** "ValueError: no", "json.decoder.JSONDecodeError: ..."; in a group's frame: "    | ValueError: no". */
const MESSAGE =
  /^(?:[\s|]*\| )?((?:\w+\.)*[A-Z]\w*(?:Error|Exception|Exit|Group|Interrupt|Iteration|Warning)(?:: .*)?)$/;
const PLACE = /^[\s|+-]*File "(.+)", line (\d+)/;
/** Beneath a line of source: what in it was at fault. */
const CARETS = /^[\s|]*[~^]+\s*$/;

/**
 * @param stderr - its end.
 * @param file - the program's; of all lines that a traceback names, its own are what the person looks at.
 * @param source - the program's text.
 * @returns null if Python said nothing of the kind: after `sys.exit`.
 */
export function pythonError(stderr: string, file: string, source: string): ProgramError | null {
  const lines = stderr.trimEnd().split("\n");
  const last = lines.findLastIndex((line) => MESSAGE.test(line));
  const message = MESSAGE.exec(lines[last] ?? "")?.[1];
  if (message === undefined) return null;
  const isOwn = (path: string): boolean => path === file || file.endsWith(`/${path}`);
  const places = lines.slice(0, last).flatMap((text, index) => {
    const [, path, line] = PLACE.exec(text) ?? [];
    return path === undefined ? [] : [{ index, path, line: Number(line) }];
  });
  const place = places.findLast(({ path }) => isOwn(path)) ?? places.at(-1);
  if (place === undefined) return { message, file: null, line: null, column: null };
  const { index, path, line } = place;
  if (!isOwn(path)) return { message, file: path, line, column: null };
  return { message, file, line, column: columnIn(lines.slice(index + 1, index + 3), source.split("\n")[line - 1]) };
}

/** Python shows a line of source without its indentation, and carets beneath it. */
function columnIn([shown = "", carets = ""]: readonly string[], written = ""): number | null {
  if (!CARETS.test(carets)) return null;
  return carets.indexOf("^") - shown.search(/[^\s|]/) + Math.max(0, written.search(/\S/)) + 1;
}
