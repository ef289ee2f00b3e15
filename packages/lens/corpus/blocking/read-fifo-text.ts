// With an encoding, Node reads the file in one native call; what follows it is not to blame.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "fifo-"));
const path = join(folder, "pipe");
execFileSync("mkfifo", [path]);
spawn("sh", ["-c", 'sleep 0.4; echo done > "$0"', path]);

function read(): number {
  const before = readFileSync(new URL(import.meta.url), "utf8");
  const slow = readFileSync(path, "utf8"); // BLOCKS readFileSync
  const after = readFileSync(new URL(import.meta.url), "utf8");
  return before.length + slow.length + after.length;
}

setTimeout(() => {
  console.log(read() > 5);
  rmSync(folder, { recursive: true });
}, 10);
