/** Runs programs of the corpus in fresh processes, watched, and reads what they are expected to be blamed for. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Blocked } from "../blocked.ts";

const PRELOAD = fileURLToPath(new URL("./preload.ts", import.meta.url));

/** Each process would strip the types of all our sources anew. */
const CACHE = join(tmpdir(), "turnwise-compile-cache");

export interface WatchedRun {
  readonly blocked: Blocked[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param args - the program's file, after flags for Node. */
export function runWatched(args: readonly string[], env: Record<string, string> = {}): Promise<WatchedRun> {
  const folder = mkdtempSync(join(tmpdir(), "blame-"));
  const result = join(folder, "blocked.json");
  return new Promise((resolve, reject) => {
    const flags = ["--conditions=turnwise-source", `--import=${PRELOAD}`];
    const child = execFile(
      process.execPath,
      [...flags, ...args],
      {
        env: { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: CACHE, ...env, BLAME_RESULT: result },
        timeout: 30_000,
      },
      (error, stdout, stderr) => {
        try {
          resolve({
            blocked: JSON.parse(readFileSync(result, "utf8")) as Blocked[],
            code: child.exitCode ?? -1,
            stdout,
            stderr,
          });
        } catch {
          reject(error ?? new Error(`${args.join(" ")} left no result: ${stderr}`));
        } finally {
          rmSync(folder, { recursive: true });
        }
      },
    );
  });
}

/** The lines of a file that are marked: `// BLOCKS` or `// BLOCKS what is called`. */
export function expectedLines(file: string): { line: number; called: string | null }[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((text, i) => {
      const mark = / \/\/ BLOCKS ?(.*)$/.exec(text);
      return mark === null ? [] : [{ line: i + 1, called: mark[1] || null }];
    });
}
