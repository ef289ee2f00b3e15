/** Unmodified Python asyncio programs on Turnwise's event loop. */
export { importPython, type PythonModule } from "./import-python.ts";
export { loadPython } from "./interpreter.ts";
export type { PythonFunction } from "./crossing.ts";
export { PythonError } from "./python-error.ts";
export { type PythonExit, type PythonOptions, runPython } from "./run-python.ts";
export type { Streams } from "./streams.ts";
