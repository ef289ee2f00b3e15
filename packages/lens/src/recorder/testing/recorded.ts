/** Runs programs, given as source, in processes of their own, recorded with their lines. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Frame, Trace } from "../../trace.ts";

const PRELOAD = fileURLToPath(new URL("./preload.ts", import.meta.url));
const MODULES = fileURLToPath(new URL("../../../../../node_modules", import.meta.url));
/** Each process would strip the types of all our sources anew. */
const CACHE = join(tmpdir(), "turnwise-compile-cache");

export interface RecordedRun {
  readonly trace: Trace;
  readonly stdout: string;
  /** The program's folder, which is gone. */
  readonly folder: string;
}

/**
 * @param files - their texts, by name; the last one is run.
 * @param compile - makes another file of it, which is run in its place.
 */
export async function runRecorded(
  files: Readonly<Record<string, string>>,
  compile?: (file: string) => Promise<string>,
): Promise<RecordedRun> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "lines-")));
  try {
    symlinkSync(MODULES, join(folder, "node_modules"), "junction");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const written = join(folder, Object.keys(files).at(-1)!);
    const program = (await compile?.(written)) ?? written;
    const result = join(folder, "trace.json");
    const flags = ["--conditions=turnwise-source", `--import=${PRELOAD}`];
    const env = { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: CACHE, RECORDED: result };
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program], { env, timeout: 30_000 });
    return { trace: JSON.parse(readFileSync(result, "utf8")) as Trace, stdout, folder };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What stands after `//` in the line of a frame; the line itself where nothing does; null for none. */
export function markAt(frame: Frame | null, text: string): string | null {
  if (frame === null) return null;
  const line = text.split("\n")[frame.line - 1];
  return line?.split("// ")[1] ?? line ?? `line ${frame.line}`;
}

/** The marks of the lines at which the steps of a task ended. */
export function marksOf({ tasks, steps }: Trace, name: string, text: string): (string | null)[] {
  const task = tasks.find((each) => each.name === name);
  if (task === undefined) throw new Error(`no task is named ${name}: ${tasks.map((each) => each.name).join(", ")}`);
  return steps.filter((step) => step.task === task.id).map(({ at }) => markAt(at, text));
}
