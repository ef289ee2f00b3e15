// A file that is slow to come: a pipe that a child feeds.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "fifo-"));
const path = join(folder, "pipe");
execFileSync("mkfifo", [path]);
spawn("sh", ["-c", 'sleep 0.4; echo done > "$0"', path]);

function read(): number {
  const own = readFileSync(new URL(import.meta.url));
  const slow = readFileSync(path); // BLOCKS readFileSync
  return own.length + slow.length;
}

setTimeout(() => {
  console.log(read() > 5);
  rmSync(folder, { recursive: true });
}, 10);
