/** From the command to the program: this process becomes it, or stands aside. */
import { spawnAside } from "./spawn.ts";

/**
 * Runs `node ...args` in place of this process, where the platform can do that: the same pid, terminal and signals, and
 * nothing in between. Elsewhere it runs as a child, and this process ends as the child ends.
 */
export function becomeNode(args: readonly string[], env: NodeJS.ProcessEnv): void {
  // Windows and IBM i have the function, but not the system call.
  const canReplace = process.platform !== "win32" && (process.platform as string) !== "os400";
  if (canReplace && typeof process.execve === "function") {
    process.execve(process.execPath, [process.argv0, ...args], env);
  } else {
    spawnAside(args, env);
  }
}
