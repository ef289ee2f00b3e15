/** Syntax errors, found before the program is started, so that they can be told in one line. */
import { readFileSync } from "node:fs";
import { type LoadFnOutput, registerHooks, stripTypeScriptTypes } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { compileFunction } from "node:vm";
import { locate, type Location } from "./error-location.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Parses a program and all that it imports, without running any of it.
 * @throws UsageError if there is a syntax error. Whatever else is wrong is left to Node to tell when it runs.
 */
export async function checkSyntax(entry: URL): Promise<void> {
  // What Node warns of here it will warn of again when the program runs.
  process.removeAllListeners("warning");
  const formats = new Map<string, LoadFnOutput["format"]>();
  const hooks = registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      formats.set(url, loaded.format);
      return loaded;
    },
  });
  try {
    await link(entry.href);
    if (formats.get(entry.href)?.startsWith("commonjs")) compileCommonJs(entry, formats.get(entry.href) === "commonjs");
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new UsageError(await describe(thrown, [...formats.keys()]));
  } finally {
    hooks.deregister();
  }
}

const STOP = "data:text/javascript,throw 'parsed'";

/**
 * Imports a module behind one that throws: Node loads and links the whole graph, and evaluation stops before it
 * reaches the module. @throws what loading and linking throws.
 */
async function link(url: string): Promise<void> {
  const code = `import ${JSON.stringify(STOP)}; import ${JSON.stringify(url)}`;
  try {
    await import(`data:text/javascript,${encodeURIComponent(code)}`);
  } catch (thrown) {
    if (thrown !== "parsed") throw thrown;
  }
}

/** Linking does not parse CommonJS, which Node compiles when it evaluates it. */
function compileCommonJs(url: URL, isJavaScript: boolean): void {
  const source = readFileSync(url, "utf8").replace(/^#!.*/, "");
  compileFunction(
    isJavaScript ? source : stripTypeScriptTypes(source, { sourceUrl: url.href }),
    ["exports", "require", "module", "__filename", "__dirname"],
    { filename: url.href },
  );
}

async function describe(error: SyntaxError & { code?: string }, loaded: readonly string[]): Promise<string> {
  const files = loaded.filter((url) => url.startsWith("file:"));
  const place = await locate(error, files, link);
  const message = error.message.replaceAll(/\s*\n\s*/g, " ").replace(/\.$/, "");
  return `${place === null ? "" : `${written(place)}: `}${message}${insteadOf(message)}`;
}

/** What to write in place of TypeScript that is more than types: Node only erases types. */
function insteadOf(message: string): string {
  const [, construct] = /^TypeScript (.*) is not supported in strip-only mode$/.exec(message) ?? [];
  if (construct === undefined) return "";
  const instead = INSTEAD.find(([name]) => construct.includes(name))?.[1] ?? "write it in plain JavaScript";
  return `: Node only erases types; ${instead}, or compile the file first`;
}

const INSTEAD = [
  ["enum", "use a const object and a union type"],
  ["parameter property", "declare the field and assign it in the constructor"],
  ["namespace", "use a module"],
  ["import equals", "use import, or require()"],
  ["export assignment", "use export default"],
] as const;

function written({ url, line, column }: Location): string {
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  const near = relative("", path);
  const file = near.startsWith("..") ? path : near;
  return [file, line, column].filter((part) => part !== null).join(":");
}
