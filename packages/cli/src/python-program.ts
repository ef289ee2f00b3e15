/** What runs in the process of a Python program: `node python-program.js FILE [ARG...]`. */
import { pathToFileURL } from "node:url";
import { runPython } from "@turnwise/python";
import { dieOf, watchInterrupts } from "./python-interrupts.ts";

const [file = "", ...args] = process.argv.slice(2);
const { exitCode, signal } = await runPython(pathToFileURL(file), { args, interrupts: watchInterrupts() });
if (signal !== null) dieOf(signal);
else process.exitCode = exitCode ?? 1;
