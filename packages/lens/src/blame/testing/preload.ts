/** Preloaded (`--import`) by tests: watches the program, and writes what blocked it to the file BLAME_RESULT as JSON. */
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { watchBlocking } from "../watch.ts";

const file = process.env["BLAME_RESULT"];
if (isMainThread && file !== undefined) {
  // Not for the program's own children.
  delete process.env["BLAME_RESULT"];
  const watch = watchBlocking({ threshold: Number(process.env["BLAME_THRESHOLD"] ?? "0.1") });
  process.on("exit", () => writeFileSync(file, JSON.stringify(watch.stop())));
}
