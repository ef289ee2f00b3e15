/** What runs in the process of a Python program: `node python-program.js [--wheel FILE.whl]... FILE [ARG...]`. */
import { pathToFileURL } from "node:url";
import { loadPython, runPython } from "@turnwise/python";
import { takeLensOptions } from "./lens/launch-options.ts";
import { takeStudioOptions } from "./studio/program/launch.ts";
import { dieOf, watchInterrupts } from "./python-interrupts.ts";

const given = process.argv.slice(2);
const packages: string[] = [];
while (given[0] === "--wheel") packages.push(given.splice(0, 2)[1] as string);
const [file = "", ...args] = given;
const interrupts = watchInterrupts();
const lens = takeLensOptions();
const studio = takeStudioOptions();
await loadPython({ showProgress: true }); // That is not the program's time.
if (lens !== null) (await import("./lens/record-program.ts")).recordProgram(lens);
if (studio !== null) (await import("./studio/program/record.ts")).recordForStudio(studio);
try {
  const { exitCode, signal } = await runPython(pathToFileURL(file), { args, interrupts, packages });
  if (signal !== null) dieOf(signal);
  else process.exitCode = exitCode ?? 1;
} catch (thrown) {
  if (!(thrown instanceof RangeError)) throw thrown;
  process.stderr.write(`error: ${thrown.message}\n`); // It could not be run as was asked for.
  process.exitCode = 2;
}
