/** Saves a trace as a file, which the page opens again. */
import type { Trace } from "../../../../lens/src/trace.ts";

export function saveTrace(name: string, trace: Trace): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(trace)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${name.replace(/^.*[/\\]/, "")}.trace.json`;
  link.click();
  URL.revokeObjectURL(address);
}
