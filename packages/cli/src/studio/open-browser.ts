/** `openBrowser`: shows an address in the person's own browser, if there is one. */
import { spawn } from "node:child_process";

/** The address has been printed: where no browser can be opened, that must do. */
export function openBrowser(url: string): void {
  const [command, ...args] = opener(process.platform);
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

/** The system's command for it. */
export function opener(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === "darwin") return ["open"];
  // Not `start`, which is the shell's: to it an address may hold commands.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}
