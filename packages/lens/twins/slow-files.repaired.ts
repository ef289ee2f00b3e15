import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as asyncio from "turnwise";

const folder = mkdtempSync(join(tmpdir(), "twins-"));
const paths = ["a", "b"].map((name) => join(folder, name));
execFileSync("mkfifo", paths);

async function read(path: string): Promise<string> {
  spawn("sh", ["-c", 'sleep 0.5; echo done > "$0"', path]);
  return await readFile(path, "utf8");
}

await asyncio.run(() => asyncio.gather(...paths.map((path) => () => read(path))));
rmSync(folder, { recursive: true });
