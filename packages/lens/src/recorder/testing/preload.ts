/** Preloaded (`--import`) by tests: records the program with its lines, and writes the trace to the file RECORDED. */
import { writeFileSync } from "node:fs";
import { record } from "../record.ts";

const file = process.env["RECORDED"] ?? "";
const recording = record({ lines: true });
process.on("exit", (code) => writeFileSync(file, JSON.stringify(recording.stop(code))));
