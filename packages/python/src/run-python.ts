/** `runPython`: a Python program from its first line to its exit code. */
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CancelledError, type EventLoop, interruptible, RuntimeError, shield } from "turnwise";
import { contains, mount } from "./files.ts";
import { type Interpreter, loadInterpreter, type ProgramRequest } from "./interpreter.ts";
import { loopAround } from "./crossing.ts";
import { listenTo } from "./interrupts.ts";
import { connect, type Streams } from "./streams.ts";
import { unpackWheels } from "./wheels.ts";

/** How a Python program is run. */
export interface PythonOptions extends Streams {
  /** What it gets as `sys.argv[1:]`. */
  readonly args?: readonly string[] | undefined;
  /** Its environment; by default this process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /**
   * More directories that it can read and write: from the path that Python sees to the path here. The working directory,
   * the program's own and those of `PYTHONPATH` are always among them, under their own names.
   */
  readonly mounts?: Readonly<Record<string, string>> | undefined;
  /** Packages that it can import: files of wheels that are pure Python. */
  readonly packages?: readonly string[] | undefined;
  /**
   * Modules that the program can import: their functions and values, by name. An async function is started in a task of
   * Turnwise's when the program calls it, and awaited by `await`.
   */
  readonly modules?: Readonly<Record<string, object>> | undefined;
  /** When it aborts, the program gets a `KeyboardInterrupt`, as by Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Shared memory by which another thread passes Ctrl-C on, even while the program blocks its own: it stores 2, the number
   * of SIGINT, in the first element, and notifies who waits there. Without it the program hears of Ctrl-C only while it
   * waits in its event loop.
   */
  readonly interrupts?: Int32Array<SharedArrayBuffer> | undefined;
}

/** How a Python program ended: as a child process of Node's tells it. */
export interface PythonExit {
  /** What `sys.exit` was given, 1 after an exception that nobody caught, otherwise 0; `null` after `signal`. */
  readonly exitCode: number | null;
  /** The signal by which `python` would have died: a `KeyboardInterrupt` that nobody caught. */
  readonly signal: "SIGINT" | null;
}

let busy = false;

/**
 * Runs a Python program on Turnwise's event loop. CPython is loaded by the first call, which takes seconds; one program
 * runs at a time, and the next one begins as in a new process.
 *
 * On Node 24 and later, Node stays alive while the program waits in its event loop. Otherwise, and always while Python
 * code runs or `time.sleep` waits, the thread is blocked.
 *
 * @param program - its source, or the URL of its file.
 * @returns how it ended. It rejects only if it could not be run: a RuntimeError while another one runs, an error of
 * Node's if there is no such file, or it can't be read.
 */
export async function runPython(program: string | URL, options: PythonOptions = {}): Promise<PythonExit> {
  if (busy) throw new RuntimeError("a Python program runs in this process already: wait until it has ended");
  busy = true;
  try {
    return await runAlone(await loadInterpreter(), program, options);
  } finally {
    busy = false;
  }
}

const INTERRUPTED: PythonExit = { exitCode: null, signal: "SIGINT" };

/** {@link runPython} in an interpreter that is loaded, and has no other program to run. */
export async function runAlone(
  python: Interpreter,
  program: string | URL,
  options: PythonOptions = {},
): Promise<PythonExit> {
  const {
    args = [],
    env = process.env,
    mounts = {},
    packages = [],
    modules = {},
    signal,
    interrupts = new Int32Array(new SharedArrayBuffer(4)),
  } = options;
  if (signal?.aborted === true) return INTERRUPTED;
  const loop = loopAround();
  const cwd = process.cwd();
  const file = typeof program === "string" ? undefined : fileURLToPath(program);
  if (file !== undefined) accessSync(file, constants.R_OK);
  const request: ProgramRequest = {
    ...(file === undefined ? { source: program as string } : { file }),
    args: [file === undefined ? "" : asTyped(file, cwd), ...args],
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    cwd,
  };
  const own = [cwd, ...(file === undefined ? [] : [dirname(file)]), ...modulePath(env["PYTHONPATH"])];
  const shown = new Map([...own.map((path) => [path, path] as const), ...Object.entries(mounts)]);
  const unmount = mount(python.pyodide, shown);
  let removePackages = (): void => {};
  const interruptLoops = (): void => python.loops.forEach((loop) => loop.interrupt());
  signal?.addEventListener("abort", interruptLoops);
  python.pyodide.setInterruptBuffer(interrupts);
  const ignoreInterrupts = listenTo(interrupts, interruptLoops);
  try {
    removePackages = unpackWheels(python.pyodide, packages);
    connect(python.pyodide, options);
    for (const [name, contents] of Object.entries(modules)) python.provide(name, contents);
    const code = await ended(python.run(request, loop), loop, interruptLoops);
    return code < 0 ? INTERRUPTED : { exitCode: code, signal: null };
  } finally {
    signal?.removeEventListener("abort", interruptLoops);
    ignoreInterrupts();
    for (const name of Object.keys(modules)) python.withdraw(name);
    unmount();
    removePackages();
  }
}

/** Waits for the program. A task that is cancelled meanwhile interrupts it, and waits on for its end. */
async function ended(program: Promise<number>, loop: EventLoop | null, interrupt: () => void): Promise<number> {
  if (loop === null) return program;
  let cancellation: CancelledError | null = null;
  const future = interruptible(program);
  for (;;) {
    try {
      const code = await shield(future);
      if (cancellation !== null) throw cancellation;
      return code;
    } catch (thrown) {
      if (!(thrown instanceof CancelledError) || future.done()) throw thrown;
      cancellation = thrown;
      interrupt();
    }
  }
}

/** The directories of PYTHONPATH. As in CPython, those that are not there do no harm. */
function modulePath(variable = ""): string[] {
  const paths = variable.split(delimiter).filter((path) => path !== "");
  return paths.map((path) => resolve(path)).filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory());
}

/** Probably what the person typed: `python` leaves that in `sys.argv[0]`. */
function asTyped(file: string, cwd: string): string {
  return contains(cwd, file) ? relative(cwd, file) : file;
}
