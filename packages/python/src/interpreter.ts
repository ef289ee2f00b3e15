/** CPython in WebAssembly, with Turnwise's loop in the place of asyncio's own. */
import { readdirSync, readFileSync } from "node:fs";
import { loadPyodide, type PyodideAPI } from "pyodide";
import type { PyCallable } from "pyodide/ffi";
import { blockFor } from "./interrupts.ts";
import { LoopBridge, type PythonSide } from "./loop-bridge.ts";

/** A program, as `turnwise_program.py` takes it. */
export interface ProgramRequest {
  readonly file?: string;
  readonly source?: string;
  /** All of `sys.argv`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** An interpreter that is loaded. It runs one program at a time. */
export interface Interpreter {
  readonly pyodide: PyodideAPI;
  /** The loops that the program made and has not closed. */
  readonly loops: ReadonlySet<LoopBridge>;
  /** Runs a program. @returns its exit code; below zero the number of the signal that it asks to die by. */
  readonly run: (request: ProgramRequest) => Promise<number>;
}

/**
 * Whether WebAssembly can be suspended while it waits for a promise (JSPI: Node 24 and later). If so, Node stays alive
 * while a Python program waits.
 */
export const canSuspend: boolean = "Suspending" in (globalThis as unknown as { WebAssembly: object }).WebAssembly;

let loading: Promise<Interpreter> | undefined;

/** Loads the interpreter. That takes seconds, so a process does it once. */
export function loadInterpreter(): Promise<Interpreter> {
  loading ??= load(canSuspend);
  return loading;
}

/** From `src` and from `dist` alike. */
const pythonFiles = new URL("../src/python/", import.meta.url);

/** @param suspends - whether Python is suspended while it waits, or blocks the thread. */
export async function load(suspends: boolean): Promise<Interpreter> {
  const pyodide = await loadPyodide();
  const loops = new Set<LoopBridge>();
  pyodide.registerJsModule("_turnwise", {
    sleep: blockFor,
    openLoop: (...[runNext, runTimer, interrupt, enter, leave]: PythonFunctions): LoopBridge => {
      const loop = new LoopBridge(
        { runNext, runTimer, interrupt, enter, leave },
        { suspends, closed: () => loops.delete(loop) },
      );
      loops.add(loop);
      return loop;
    },
  });
  const library = "/lib/turnwise";
  pyodide.FS.mkdir(library);
  for (const name of readdirSync(pythonFiles)) {
    pyodide.FS.writeFile(`${library}/${name}`, readFileSync(new URL(name, pythonFiles)));
  }
  const run = pyodide.runPython(`
    import sys
    sys.path.append("${library}")
    import turnwise_loop, turnwise_program
    turnwise_loop.install()
    turnwise_program.run
  `) as PyCallable;
  return {
    pyodide,
    loops,
    run: async (request) => {
      const text = JSON.stringify(request);
      return Number(suspends ? await run.callPromising(text) : run(text));
    },
  };
}

type PythonFunctions = [
  runNext: PythonSide["runNext"],
  runTimer: PythonSide["runTimer"],
  interrupt: PythonSide["interrupt"],
  enter: PythonSide["enter"],
  leave: PythonSide["leave"],
];
