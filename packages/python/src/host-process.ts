/** `HostProcess`: a child process, as Python sees it. */
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { PyodideAPI } from "pyodide";
import {
  type BaseTransport,
  type Stdio,
  subprocess,
  subprocessExec,
  SubprocessProtocol,
  subprocessShell,
  type SubprocessTransport,
} from "turnwise/node";
import { codeOf, type Owner } from "./endpoint.ts";
import { hostPath, mountedPath } from "./files.ts";
import { bytesOf, HostStream } from "./host-stream.ts";
import { redirectedOutput, redirectsInput } from "./streams.ts";

/** How Python starts a process. */
export interface ProcessRequest {
  /** The program and its arguments, or one line for the shell. */
  readonly command: readonly string[] | string;
  /** `"pipe"`, `"stdout"`, `"devnull"`, or the number of a file that Python has open. */
  readonly stdio: readonly (string | number)[];
  /** Undefined for that of the program. */
  readonly cwd?: string;
  /** The working directory of the program. Outside of programs that is none of this machine's. */
  readonly here: string;
  readonly env: Readonly<Record<string, string>>;
  readonly startNewSession: boolean;
}

/** Python as a program of its own: `sys.executable`. From `src` and from `dist` alike. */
export const PYTHON_COMMAND: string = fileURLToPath(
  new URL(`./python-command${extname(import.meta.url)}`, import.meta.url),
);

/** What a child's stdin, stdout and stderr become. */
type Place = { readonly stdio: Stdio | "stdout"; readonly forward?: (bytes: Uint8Array) => void };

/** A child, with a stream for each of its pipes. */
export class HostProcess extends SubprocessProtocol {
  readonly #owner: Owner;
  readonly #places: readonly Place[];
  readonly #streams: (HostStream | undefined)[];
  #transport: SubprocessTransport | undefined;
  #ended: (returncode: number) => void = () => {};
  #hasExited = false;
  /** Pipes whose output is passed on here: the child counts as running until it is. */
  #forwarding: number;

  private constructor(owner: Owner, places: readonly Place[]) {
    super();
    this.#owner = owner;
    this.#places = places;
    this.#streams = places.map(({ stdio, forward }) =>
      stdio === subprocess.PIPE && forward === undefined ? new HostStream(owner) : undefined,
    );
    this.#forwarding = places.filter(({ forward }) => forward !== undefined).length;
  }

  /** Starts a child. @throws the error of `turnwise/node`; a RangeError for a file that a child can't have. */
  static async start(owner: Owner, pyodide: PyodideAPI, request: ProcessRequest): Promise<HostProcess> {
    const { command, cwd, here, env, startNewSession } = request;
    const folder = cwd === undefined ? mountedPath(pyodide, here) : hostPath(pyodide, cwd);
    const places = request.stdio.map((wanted, fd) => placeOf(pyodide, wanted, fd));
    const child = new HostProcess(owner, places);
    const [stdin, stdout, stderr] = places.map(({ stdio }) => stdio) as [Stdio, Stdio, Stdio];
    const options = { stdin, stdout, stderr, cwd: folder, env, startNewSession };
    if (typeof command === "string") await subprocessShell(() => child, command, options);
    else {
      const [program = "", ...args] = command;
      const isPython = program === PYTHON_COMMAND;
      const path = isPython ? process.execPath : program.includes("/") ? hostPath(pyodide, program) : program;
      await subprocessExec(() => child, path, isPython ? [PYTHON_COMMAND, ...args] : args, options);
    }
    return child;
  }

  get pid(): number {
    return (this.#transport as SubprocessTransport).getPid();
  }

  /** Calls `ended` with its return code, as a callback of the loop, once it has ended. */
  whenEnded(ended: (returncode: number) => void): void {
    this.#ended = ended;
    this.#endIfOver();
  }

  /** The child's pipe, from now on known as `fd`; undefined if it has none there. */
  stream(index: number, fd: number): HostStream | undefined {
    const stream = this.#streams[index];
    stream?.setNumber(fd);
    return stream;
  }

  /** @returns the code of the error, if it could not be sent. */
  sendSignal(name: string): string | undefined {
    try {
      this.#transport?.sendSignal(name as NodeJS.Signals);
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  }

  /** Kills it, if it runs, and closes its pipes. */
  close(): void {
    this.#transport?.close();
  }

  override connectionMade(transport: SubprocessTransport): void {
    this.#transport = transport;
    this.#owner.opened(this);
    for (const [index, stream] of this.#streams.entries()) {
      stream?.connectionMade(transport.getPipeTransport(index) as BaseTransport);
    }
  }

  override pipeDataReceived(fd: number, data: Buffer): void {
    const { forward } = this.#places[fd] as Place;
    if (forward === undefined) this.#streams[fd]?.dataReceived(data);
    else forward(bytesOf(data));
  }

  override pipeConnectionLost(fd: number, error: unknown): void {
    if (this.#places[fd]?.forward === undefined) this.#streams[fd]?.connectionLost(error);
    else {
      this.#forwarding--;
      this.#endIfOver();
    }
  }

  override pauseWriting(): void {
    this.#streams[0]?.pauseWriting();
  }

  override resumeWriting(): void {
    this.#streams[0]?.resumeWriting();
  }

  override processExited(): void {
    this.#hasExited = true;
    this.#endIfOver();
  }

  override connectionLost(): void {
    this.#owner.closed(this);
  }

  #endIfOver(): void {
    const returncode = this.#transport?.getReturncode() ?? null;
    if (this.#hasExited && this.#forwarding === 0 && returncode !== null) this.#ended(returncode);
  }
}

function placeOf(pyodide: PyodideAPI, wanted: string | number, fd: number): Place {
  if (typeof wanted === "string") return { stdio: wanted as Stdio | "stdout" };
  const { node, nfd } = (pyodide.FS.getStream(wanted) ?? {}) as { node?: { rdev?: number }; nfd?: number };
  if (nfd !== undefined) return { stdio: nfd };
  if (wanted > 2 || node === undefined) {
    throw new RangeError(
      `the file descriptor ${wanted} can't be given to a process, it is only in Python's memory: ` +
        "use a pipe, or a file in a directory of this machine",
    );
  }
  if (wanted === 0) return { stdio: redirectsInput() ? subprocess.DEVNULL : 0 };
  const forward = redirectedOutput(wanted as 1 | 2);
  if (forward === undefined) return { stdio: wanted };
  return { stdio: fd === 0 ? subprocess.DEVNULL : subprocess.PIPE, forward };
}
