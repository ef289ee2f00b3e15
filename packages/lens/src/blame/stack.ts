/** Stacks of running code, as V8 tells them: taken where the code was interrupted, and whose code each frame is. */
import { fileURLToPath } from "node:url";

/** A frame as the engine has it: positions in the code that was loaded, before source maps. */
export interface RawFrame {
  /** As in stack traces: "Class.method", "new Class". Empty for the top level and for functions without a name. */
  readonly name: string;
  /** The bare name, as the profiler has it too. */
  readonly fn: string;
  /** A path, a URL, or empty for what is built into the engine. */
  readonly file: string;
  /** From 1; 0 if it is not known. */
  readonly line: number;
  readonly column: number;
  /** Where its function begins: with `file` and `fn` it tells functions apart. 0 if it is not known. */
  readonly fnLine: number;
  readonly fnColumn: number;
  /** A function that awaits this code, and isn't on the stack itself. */
  readonly awaiting: boolean;
}

/** Whose code a frame is: only the user's is to blame, a library's if there is nothing else. */
export type Owner = "user" | "library" | "node" | "engine" | "turnwise";

/** So many frames are looked at: the user's own may lie under a library's deep recursion. */
const DEPTH = 200;

const captureStackTrace = Error.captureStackTrace.bind(Error);

/** The stack of the caller of `from`, innermost first, without its innermost `skip` frames. */
export function captureStack(from: (...args: never[]) => unknown, skip: number): RawFrame[] {
  const { stackTraceLimit } = Error;
  const format = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = DEPTH;
    Error.prepareStackTrace = (_error, sites) => sites;
    captureStackTrace(holder, from);
    return withGuests(((holder.stack ?? []) as NodeJS.CallSite[]).slice(skip).map(rawFrame));
  } finally {
    if (format === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", format);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** An interpreter that runs in this thread; see `turnwise/guest`. */
interface GuestLike {
  stack(): readonly { name: string; file: string; line: number; column: number; firstLine: number }[];
}
const GUESTS: unique symbol = Symbol.for("turnwise.guests") as never;
const shared = globalThis as { [GUESTS]?: readonly GuestLike[] };

/** Where an interpreter's own code is on the stack, what it interprets takes its place. */
function withGuests(frames: RawFrame[]): RawFrame[] {
  const at = shared[GUESTS] === undefined ? -1 : frames.findIndex(({ file }) => file.startsWith("wasm:"));
  if (at < 0) return frames;
  const guests = (shared[GUESTS] as readonly GuestLike[]).flatMap((guest) => guest.stack());
  const glue = ({ file }: RawFrame): boolean => /^(engine|turnwise)$/.test(ownerOf(file));
  // What the guest called, and by way of what: that is the guest's own doing, unless it is code of the user's.
  const to = frames.slice(0, at).findLastIndex((frame) => !glue(frame)) + 1;
  const last = frames.findLastIndex(({ file }) => file.startsWith("wasm:")) + 1;
  const from = frames.findIndex((frame, index) => index >= last && !glue(frame));
  return [...frames.slice(0, to), ...guests.map(guestFrame), ...(from < 0 ? [] : frames.slice(from))];
}

/** The package that stands between the engine and a guest, and counts as part of the engine. */
const GLUE = "pyodide";

function guestFrame({ name, file, line, column, firstLine }: ReturnType<GuestLike["stack"]>[number]): RawFrame {
  // A guest is looked at between its instructions, and never at the entry of a function.
  return { name, fn: name, file, line, column, fnLine: firstLine, fnColumn: column + 1, awaiting: false };
}

/**
 * Whether a function may have been interrupted at its entry, before its first line: there the engine's position is the
 * one of the parameters. Only the text knows for sure.
 */
export function maybeAtEntry({ fn, line, column, fnLine, fnColumn }: RawFrame): boolean {
  if (line === 0 || line !== fnLine) return false;
  const name = fn.length;
  // `(`, `name(`, `function(`, `function (`, `function name(`, `async function name(`.
  return [0, name, 8, 9, name + 9, name + 15].includes(column - fnColumn);
}

function rawFrame(site: NodeJS.CallSite): RawFrame {
  return {
    name: nameInTrace(String(site)),
    fn: site.getFunctionName() ?? "",
    file: filePath(site.getFileName() ?? ""),
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
    fnLine: site.getEnclosingLineNumber?.() ?? 0,
    fnColumn: site.getEnclosingColumnNumber?.() ?? 0,
    awaiting: site.isAsync(),
  };
}

/** The function's name in a line of a stack trace: "async Shop.open [as run] (file:///shop.ts:3:7)" is "Shop.open". */
export function nameInTrace(text: string): string {
  const place = text.indexOf(" (");
  if (place < 0) return "";
  return (
    text
      .slice(0, place)
      .replace(/^async /, "")
      // "Timeout.poll [as _onTimeout]": the function isn't a method of that object by this name.
      .replace(/^[^ ]*?([^ .]+) \[as .*\]$/, "$1")
      .replace(/^(Object\.)?<anonymous>$/, "")
  );
}

/** A `file:` URL as a path; other names as they are. */
export function filePath(name: string): string {
  if (!name.startsWith("file:")) return name;
  try {
    return fileURLToPath(name);
  } catch {
    return name;
  }
}

/** Whether two frames are of the same function. */
export function sameFunction(a: RawFrame, b: RawFrame): boolean {
  return functionKey(a) === functionKey(b);
}

export function functionKey(frame: RawFrame): string {
  return `${frame.file}\n${frame.fn}\n${frame.fnLine}`;
}

/** The folder of the packages that this one lies among: "/work/packages/" or "/app/node_modules/@turnwise/". */
const PACKAGES = filePath(new URL("../../../", import.meta.url).href);

/** Whose code lies in `file`. */
export function ownerOf(file: string, packages: string = PACKAGES): Owner {
  if (file === "" || file === "native" || file.startsWith("wasm:")) return "engine";
  if (file.startsWith("node:") || file.startsWith("internal/")) return "node";
  const path = file.replaceAll("\\", "/");
  const library = libraryOf(path);
  if (library === GLUE) return "engine";
  if (library !== null) return library === "turnwise" || library.startsWith("@turnwise/") ? "turnwise" : "library";
  const root = packages.replaceAll("\\", "/");
  if (path.startsWith(root) && /^[^/]+\/(src|dist)\//.test(path.slice(root.length)) && !/\.test\.[jt]s$/.test(path)) {
    return "turnwise";
  }
  return "user";
}

/** The package that a file in `node_modules` belongs to: "lodash", "@babel/core"; null for other files. */
export function libraryOf(file: string): string | null {
  const path = file.replaceAll("\\", "/");
  const at = path.lastIndexOf("/node_modules/");
  if (at < 0) return null;
  return /^(@[^/]+\/)?[^/]+/.exec(path.slice(at + "/node_modules/".length))?.[0] ?? null;
}
