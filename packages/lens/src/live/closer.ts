/**
 * A process that stays behind when a native call keeps the target for longer than somebody wants to wait. The request
 * to open the inspector can't be taken back: the inspector opens when the call ends, and is closed from there.
 */
import { spawn } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Target } from "./target.ts";

/** Leaves a process behind that closes the inspector once it opens. @returns its pid; null if it could not start. */
export function closeLater({ pid, ownPid, inspector }: Target): number | null {
  const program = new URL(`close-later${extname(import.meta.url)}`, import.meta.url);
  // What changes Node's ways is for the command, not for this.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = [fileURLToPath(program), String(pid), String(ownPid), String(inspector.port)];
  const child = spawn(process.execPath, args, { detached: true, stdio: "ignore", env });
  child.on("error", () => {});
  child.unref();
  return child.pid ?? null;
}
