/** CPython in WebAssembly, with Turnwise's loop in the place of asyncio's own. */
import { readdirSync, readFileSync } from "node:fs";
import { loadPyodide, type PyodideAPI } from "pyodide";
import type { PyCallable } from "pyodide/ffi";
import type { EventLoop } from "turnwise";
import { announceGuest, outsideTasks } from "turnwise/guest";
import { Host } from "./host.ts";
import { blockFor } from "./interrupts.ts";
import { type GuestFile, PythonStack } from "./python-stack.ts";
import { noticeOnTerminal } from "./loading-notice.ts";
import { crossing } from "./crossing.ts";
import { JoinedLoops, type PythonCrossing } from "./joined-loops.ts";
import { LoopBridge, type PythonSide } from "./loop-bridge.ts";
import { PACKAGES } from "./wheels.ts";

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
  /**
   * Runs a program. @param loop - the loop that its loops are part of, where Python can be suspended; null for loops of
   * their own. @returns its exit code; below zero the number of the signal that it asks to die by.
   */
  readonly run: (request: ProgramRequest, loop: EventLoop | null) => Promise<number>;
  readonly importModule: PythonCrossing["import_module"];
  /** Makes a module for Python, out of TypeScript's functions and values. */
  readonly provide: PythonCrossing["provide"];
  readonly withdraw: PythonCrossing["withdraw"];
}

/**
 * Whether WebAssembly can be suspended while it waits for a promise (JSPI: Node 24 and later). If so, Node stays alive
 * while a Python program waits.
 */
export const canSuspend: boolean = "Suspending" in (globalThis as unknown as { WebAssembly: object }).WebAssembly;

let loading: Promise<Interpreter> | undefined;

/**
 * Loads CPython ahead of time, which takes seconds: else the first program does. A process does it once.
 * @param options - `showProgress`: says so on stderr meanwhile, if that is a terminal.
 */
export async function loadPython(options: { readonly showProgress?: boolean | undefined } = {}): Promise<void> {
  const notice = loading === undefined && options.showProgress === true ? noticeOnTerminal("WebAssembly") : null;
  loading ??= load(canSuspend, () => notice?.next("CPython"));
  try {
    await loading;
  } finally {
    notice?.clear();
  }
}

/** Loads the interpreter. That takes seconds, so a process does it once. */
export function loadInterpreter(): Promise<Interpreter> {
  loading ??= load(canSuspend);
  return loading;
}

/** Where the Python files of this package lie for Python. */
const LIBRARY = "/lib/turnwise";

/** From `src` and from `dist` alike. */
const pythonFiles = new URL("../src/python/", import.meta.url);

/**
 * @param suspends - whether Python is suspended while it waits, or blocks the thread.
 * @param starting - is called before CPython itself starts, which blocks the thread for most of the time.
 */
export async function load(suspends: boolean, starting: () => void = () => {}): Promise<Interpreter> {
  const pyodide = await loadPyodide({ fsInit: async () => starting() });
  const loops = new Set<LoopBridge>();
  let shared: EventLoop | null = null;
  const stack = new PythonStack(pyodide, shownAs);
  // Where it is not suspended, Python is below whatever else runs in the loop.
  const runs = (): boolean => suspends && stack.isRunning();
  const host = new Host(pyodide);
  const joined = new JoinedLoops();
  pyodide.registerJsModule("_turnwise", {
    ...crossing(joined),
    suspends,
    host,
    sleep: blockFor,
    objectOf: Object.fromEntries,
    openLoop: (side: PythonSide, number: number): LoopBridge => {
      const closed = (): boolean => loops.delete(loop);
      const loop = new LoopBridge(side, { suspends, shared: joined.get(number) ?? shared, closed, runs });
      loops.add(loop);
      return loop;
    },
  });
  announceGuest({ stack: () => stack.frames() });
  pyodide.FS.mkdir(LIBRARY);
  pyodide.FS.mkdir(PACKAGES);
  for (const name of readdirSync(pythonFiles)) {
    pyodide.FS.writeFile(`${LIBRARY}/${name}`, readFileSync(new URL(name, pythonFiles)));
  }
  const run = pyodide.runPython(`
    import sys
    sys.path += ["${LIBRARY}", "${PACKAGES}"]
    import turnwise_host, turnwise_loop, turnwise_program
    turnwise_loop.install()
    turnwise_host.install()
    turnwise_program.run
  `) as PyCallable;
  const python = pyodide.pyimport("turnwise_crossing") as unknown as PythonCrossing;
  joined.python = python;
  return {
    pyodide,
    loops,
    importModule: python.import_module,
    provide: python.provide,
    withdraw: python.withdraw,
    run: async (request, loop) => {
      const text = JSON.stringify(request);
      shared = suspends ? loop : null;
      try {
        return Number(suspends ? await run.callPromising(text) : outsideTasks(() => run(text) as unknown));
      } finally {
        shared = null;
        host.end();
      }
    },
  };
}

/** Python's own library is named as the user calls it; what is in between is nobody's business. */
function shownAs(file: string, name: string): GuestFile | null {
  if (file.startsWith(LIBRARY)) return file.endsWith("turnwise_loop.py") && name === "sleep" ? SLEEP : null;
  if (file.startsWith("<")) return null;
  const own = /^\/lib\/python[^/]*\/(.*?)(?:\/__init__)?\.pyc?$/.exec(file);
  return own === null ? { name, file } : { name: `${(own[1] as string).replaceAll("/", ".")}.${name}`, file: "" };
}

const SLEEP: GuestFile = { name: "time.sleep", file: "" };
