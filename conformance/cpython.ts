import { readFile } from "node:fs/promises";
import { loadPyodide } from "pyodide";

export interface PythonProgram {
  name: string;
  /** A Python module that defines `async def main(log)`. */
  source: string;
}

export interface CPython {
  version: string;
  /** Runs the programs on CPython's own event loop and returns the log of each. */
  run(programs: readonly PythonProgram[]): string[][];
}

let loading: Promise<CPython> | undefined;

/** CPython in WebAssembly. Loading takes seconds, so a process does it once. */
export function loadCPython(): Promise<CPython> {
  loading ??= load();
  return loading;
}

async function load(): Promise<CPython> {
  const pyodide = await loadPyodide();
  for (const module of ["virtual_loop", "conformance"]) {
    const source = await readFile(new URL(`python/${module}.py`, import.meta.url), "utf8");
    pyodide.FS.writeFile(`/lib/${module}.py`, source);
  }
  // Pyodide's own asyncio.run and time.sleep need no undoing: the harness calls neither,
  // but asyncio.Runner, which Pyodide leaves alone.
  pyodide.runPython(`import sys; sys.path.insert(0, "/lib")`);
  const runBatch: unknown = pyodide.runPython(`from conformance import run_batch; run_batch`);
  if (typeof runBatch !== "function") throw new TypeError("python/conformance.py has no run_batch");
  const version = String(pyodide.runPython(`sys.version.split()[0]`));
  return {
    version,
    run: (programs) => JSON.parse(String(runBatch(JSON.stringify(programs)))) as string[][],
  };
}
