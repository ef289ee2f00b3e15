/** What the command tells the program's process about recording it. */
import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../usage-error.ts";

/** What to record, and what to make of it. */
export interface LensOptions {
  /** The program, as the person named it. */
  readonly file: string;
  readonly virtual: boolean;
  /** Tell the summary in words. */
  readonly summary: boolean;
  /** Write the report there. */
  readonly report?: string | undefined;
  /** Write the trace for Perfetto there. */
  readonly trace?: string | undefined;
  /** Tell the summary as JSON, as the last line. */
  readonly json: boolean;
  /** What is to be told goes there: `turnwise run` prints it when the process is gone, after all that it had to say. */
  readonly toldFile?: string | undefined;
  /** Write the summary as JSON there: `turnwise compare` reads it. */
  readonly summaryFile?: string | undefined;
}

/** Loaded before the program. */
export const lensPreload: URL = new URL("./preload.js", import.meta.url);

const VARIABLE = "TURNWISE_LENS";

/** The environment of a program that is to be recorded. Files are named relative to this process's directory. */
export function lensEnvironment(env: NodeJS.ProcessEnv, options: LensOptions): NodeJS.ProcessEnv {
  const absolute = (file: string | undefined): string | undefined => (file === undefined ? undefined : resolve(file));
  return {
    ...env,
    [VARIABLE]: JSON.stringify({ ...options, report: absolute(options.report), trace: absolute(options.trace) }),
  };
}

/** Takes the options from the environment, and leaves no trace: what the program starts is not recorded too. */
export function takeLensOptions(): LensOptions | null {
  const text = process.env[VARIABLE];
  delete process.env[VARIABLE];
  const at = process.execArgv.indexOf(lensPreload.href);
  if (at > 0) process.execArgv.splice(at - 1, 2);
  return text === undefined ? null : (JSON.parse(text) as LensOptions);
}

/** @throws UsageError if the file can't be written, or is the program itself. */
export function checkOutputFile(file: string, program: string): void {
  if (resolve(file) === resolve(program)) throw new UsageError(`${file} is the program: it would be overwritten`);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw new UsageError(`${file} is a directory`);
  const folder = dirname(resolve(file));
  try {
    accessSync(stats === undefined ? folder : file, constants.W_OK);
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(missing ? `no such directory: ${folder}` : `${file} can't be written: permission denied`);
  }
}
