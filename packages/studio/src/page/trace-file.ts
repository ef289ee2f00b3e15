/** Reads a file that somebody gives the page: a saved trace, or else why it is none. */
import type { Trace, TraceSource } from "../../../lens/src/trace.ts";
import type { StudioProgram } from "../protocol.ts";

/** The file can't be shown; the message says why, in words for the person who gave it. */
export class TraceFileError extends Error {}

/** The program that was recorded: its source, if the trace has it. `name` is for one without a name of its own. */
export function programOf({ program, sources }: Trace, name: string): StudioProgram {
  const isOwn = ({ file }: TraceSource): boolean =>
    program.file !== null && (file === program.file || file.endsWith(`/${program.file}`));
  const own = sources.find(isOwn) ?? sources[0];
  return {
    name: program.file ?? name,
    file: own?.file ?? null,
    language: (own?.file ?? program.file)?.endsWith(".py") === true ? "python" : "typescript",
    source: own?.text ?? "",
  };
}

/** @throws {TraceFileError} */
export function readTraceFile(name: string, text: string): Trace {
  const fail = (why: string): never => {
    throw new TraceFileError(`${name} can’t be shown: ${why}`);
  };
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return fail(
      `it is not JSON (${(error as Error).message}). A trace is what “Save trace” and “turnwise run --trace” write.`,
    );
  }
  if (!isRecord(data)) return fail("it is JSON, but not a trace.");
  // A trace for Perfetto has ours beside its own.
  if (Array.isArray(data["traceEvents"])) {
    if (!isRecord(data["turnwise"])) return fail("it is a trace for Perfetto that Turnwise has not written.");
    data = data["turnwise"];
  }
  if (!isRecord(data)) return fail("it is JSON, but not a trace.");
  if (data["format"] === "turnwise-summary") return fail("it is a summary, without the steps of the run.");
  if (data["format"] !== "turnwise-trace") return fail("it is JSON, but not a trace of Turnwise’s.");
  if (data["version"] !== 1) return fail(`it has version ${String(data["version"])}, and this page reads version 1.`);
  const damage = damageOf(data);
  if (damage !== null) return fail(`it is damaged: ${damage}.`);
  // Older ones came without sources.
  return { sources: [], ...data } as unknown as Trace;
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const isTime = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isIndex = (value: unknown): boolean => Number.isInteger(value);
const orNull =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === null || is(value);
const isFrame = (value: unknown): boolean =>
  isRecord(value) &&
  isText(value["file"]) &&
  isText(value["function"]) &&
  isIndex(value["line"]) &&
  isIndex(value["column"]);

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const PROGRAM: Shape = { file: orNull(isText), args: Array.isArray, cwd: isText, startedAt: isTime, threshold: isTime };
const TASK: Shape = {
  id: isTime,
  name: isText,
  coro: isText,
  made: isTime,
  done: orNull(isTime),
  parent: orNull(isTime),
};
const STEP: Shape = {
  task: orNull(isTime),
  callback: isText,
  begin: isTime,
  end: isTime,
  ready: isTime,
  cause: isText,
  by: isIndex,
  timerSet: isTime,
  timerWhen: isTime,
  then: isText,
  on: isText,
};
const BLOCKED: Shape = { begin: isTime, end: isTime, kind: isText, blame: orNull(isFrame), stack: Array.isArray };

/** What is wrong with a trace, in words; null if nothing is that would matter here. */
function damageOf(data: Fields): string | null {
  if (!isTime(data["duration"])) return "it does not say how long the run took";
  const { program, dropped } = data;
  if (!isRecord(program) || misfit(program, PROGRAM) !== null) return "it does not say what was run";
  if (!isRecord(dropped) || !isTime(dropped["steps"])) return "it does not say what was dropped";
  for (const [list, one, shape] of [
    ["tasks", "task", TASK],
    ["steps", "step", STEP],
    ["blocked", "blocked stretch", BLOCKED],
  ] as const) {
    const entries: unknown = data[list];
    if (!Array.isArray(entries)) return `it has no ${list}`;
    let latest = -Infinity;
    for (const [index, entry] of entries.entries()) {
      const field = isRecord(entry) ? misfit(entry, shape) : "all";
      if (field !== null) return `${one} ${index + 1} has no sound “${field}”`;
      if (list === "tasks") continue;
      const { begin, end } = entry as { begin: number; end: number };
      if (begin < latest || end < begin) return `${one} ${index + 1} is not in the order of time`;
      latest = begin;
    }
  }
  for (const list of ["passages", "errors"]) if (!Array.isArray(data[list])) return `it has no ${list}`;
  return null;
}

function misfit(fields: Fields, shape: Shape): string | null {
  for (const key in shape) if (!shape[key]!(fields[key])) return key;
  return null;
}
