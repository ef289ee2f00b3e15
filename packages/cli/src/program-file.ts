/** Whether a file is there and of a kind that can be run. */
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { didYouMean, nearest } from "./suggest.ts";
import { UsageError } from "./usage-error.ts";

const EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py"];
const KINDS = ".ts, .mts, .cts, .js, .mjs, .cjs and .py";

/** Whether a file is a Python program. */
export function isPython(file: string): boolean {
  return extname(file) === ".py";
}

/** @throws UsageError that says why `turnwise run` can't run this file. */
export function checkProgramFile(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`no such file: ${file}${didYouMean(nearFile(file))}`);
  if (stats.isDirectory()) throw new UsageError(`${file} is a directory${didYouMean(programIn(file))}`);
  const extension = extname(file);
  if (!EXTENSIONS.includes(extension)) throw new UsageError(wrongKind(file, extension));
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new UsageError(`${file} can't be read: permission denied`);
  }
}

/** A file with nearly the same name in the same directory. A forgotten extension counts as near. */
function nearFile(file: string): string | undefined {
  const name = basename(file);
  const others = programsIn(dirname(file));
  const near = nearest(name, others) ?? others.find((other) => stem(other) === nearest(stem(name), others.map(stem)));
  return near === undefined ? undefined : beside(file, near);
}

function stem(name: string): string {
  return basename(name, extname(name));
}

/** What is probably meant by a directory: its main program, or its only one. */
function programIn(directory: string): string | undefined {
  const programs = programsIn(directory);
  const main =
    programs.find((name) => /^(main|index)\./.test(name)) ?? (programs.length === 1 ? programs[0] : undefined);
  return main === undefined ? undefined : join(directory, main);
}

function programsIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) => EXTENSIONS.includes(extname(name)));
  } catch {
    return []; // The directory is what does not exist.
  }
}

/** `name` in the directory of `file`, spelled as the person spelled it. */
function beside(file: string, name: string): string {
  return file.slice(0, file.length - basename(file).length) + name;
}

function wrongKind(file: string, extension: string): string {
  switch (extension) {
    case ".tsx":
    case ".jsx":
      return `${file}: Node can't run JSX; compile it to JavaScript first`;
    case "":
      return `${file} has no extension: turnwise run runs ${KINDS} files`;
    default:
      return `turnwise run can't run ${extension} files: it runs ${KINDS} (got ${file})`;
  }
}
