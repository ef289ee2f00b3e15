/** Where a syntax error is. */
import { Session } from "node:inspector/promises";
import { pathToFileURL } from "node:url";

/** A place in a source file. Lines and columns count from 1. */
export interface Location {
  readonly url: string;
  readonly line: number | null;
  readonly column: number | null;
}

/**
 * Finds the place of a syntax error that Node threw.
 * @param files - the URLs of the modules that were loaded; the error is in one of them.
 * @param link - loads a module without evaluating it.
 */
export async function locate(
  error: SyntaxError,
  files: readonly string[],
  link: (url: string) => Promise<void>,
): Promise<Location | null> {
  return fromStack(error) ?? (await fromInspector(error, files, link));
}

/** Node puts the place, the line and a row of carets in front of the stack of some syntax errors: TypeScript's. */
function fromStack(error: SyntaxError): Location | null {
  const head = (error.stack ?? "").split(/\n\s*at /)[0]?.split("\n") ?? [];
  const place = /^(.+):(\d+)$/.exec(head[0] ?? "");
  if (place === null) return null;
  const [, file = "", line] = place;
  const carets = head.find((row) => /^\s*\^+\s*$/.test(row));
  return {
    url: file.startsWith("file:") ? file : pathToFileURL(file).href,
    line: Number(line),
    column: carets === undefined ? null : carets.indexOf("^") + 1,
  };
}

/** V8 remembers the place of the others, and gives it to a debugger only. */
async function fromInspector(
  error: SyntaxError,
  files: readonly string[],
  link: (url: string) => Promise<void>,
): Promise<Location | null> {
  const [entry] = files;
  if (entry === undefined) return null;
  const session = new Session();
  try {
    session.connect();
    if (files.length === 1) return { url: entry, ...(await positionOf(error, session)) };
    // With several files V8 does not say which, unless it is asked while it parses them: once more, then.
    const failed: string[] = [];
    session.on("Debugger.scriptFailedToParse", ({ params }) => failed.push(params.url));
    await session.post("Debugger.enable");
    for (const file of files) {
      // Under another name, or Node would remember the outcome.
      await link(`${file}?`).catch(() => {});
      if (failed[0] === undefined) continue;
      return { url: failed[0].replace(/\?$/, ""), ...(await positionOf(error, session)) };
    }
    return { url: entry, line: null, column: null };
  } catch {
    return { url: entry, line: null, column: null }; // This Node was built without an inspector.
  } finally {
    session.disconnect();
  }
}

type Position = Pick<Location, "line" | "column">;
const SHARED: unique symbol = Symbol.for("turnwise.syntaxError") as never;

async function positionOf(error: SyntaxError, session: Session): Promise<Position> {
  (globalThis as { [SHARED]?: SyntaxError })[SHARED] = error;
  const { result } = await session.post("Runtime.evaluate", {
    expression: 'globalThis[Symbol.for("turnwise.syntaxError")]',
  });
  // @types/node does not know this method of the protocol.
  const post = session.post.bind(session) as (method: string, params: object) => Promise<unknown>;
  const answer = await post("Runtime.getExceptionDetails", { errorObjectId: result.objectId });
  const { exceptionDetails } = answer as { exceptionDetails: { lineNumber: number; columnNumber: number } };
  return { line: exceptionDetails.lineNumber + 1, column: exceptionDetails.columnNumber + 1 };
}
