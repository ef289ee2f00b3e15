/** Figures and names in words, as all messages have them. */
import type { Frame } from "../trace.ts";

/** A span of seconds: "5.02 s", "12 ms". */
export function inSeconds(seconds: number): string {
  if (seconds >= 100) return `${inGroups(Math.round(seconds))} s`;
  if (seconds >= 0.0995) return `${seconds.toFixed(2)} s`;
  const ms = seconds * 1000;
  if (ms < 0.0005) return "0 s";
  return `${ms >= 9.95 ? ms.toFixed(0) : ms >= 0.095 ? ms.toFixed(1) : ms.toFixed(3)} ms`;
}

/** "1 task", "3 tasks", "1,000,000 steps". */
export function counted(count: number, one: string, many: string = `${one}s`): string {
  return `${inGroups(count)} ${count === 1 ? one : many}`;
}

/** "once", "twice", "3 times". */
export function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${inGroups(count)} times`;
}

function inGroups(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "A, B and C"; of many the first few: "A, B, C and 7 more". */
export function listed(names: readonly string[], most: number = 3): string {
  if (names.length > most) return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  if (names.length <= 1) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** "sleep (examples/blocking.ts:6:11)"; paths inside `cwd` are relative to it. */
export function inWords(frame: Frame, cwd?: string): string {
  const place = whereabouts(frame, cwd);
  return frame.function === "" ? place : `${frame.function} (${place})`;
}

/** "examples/blocking.ts:6:11". */
export function whereabouts({ file, line, column }: Frame, cwd?: string): string {
  return `${relativeTo(file, cwd)}:${line}${column > 0 ? `:${column}` : ""}`;
}

function relativeTo(file: string, cwd: string | undefined): string {
  if (cwd === undefined || cwd === "") return file;
  const separator = cwd.includes("\\") ? "\\" : "/";
  const folder = cwd.endsWith(separator) ? cwd : cwd + separator;
  return file.startsWith(folder) ? file.slice(folder.length) : file;
}

/** A text from the program in one line: no line breaks or other controls, and not longer than `most` characters. */
export function inOneLine(text: string, most: number = 200): string {
  const line = text.replace(/\s*\p{Cc}+\s*/gu, " ");
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
