/** `createSubprocessExec`, `createSubprocessShell` and `Process`: child processes with streams. */
import type { EventLoop } from "../events.ts";
import { gather } from "../gather.ts";
import { getRunningLoop } from "../running.ts";
import { FlowControl } from "./flow-control.ts";
import { codeOf } from "./io-errors.ts";
import { SubprocessProtocol } from "./protocols.ts";
import { StreamReader } from "./stream-reader.ts";
import { StreamWriter } from "./stream-writer.ts";
import { type ChildTransport, startWith } from "./subprocess-transport.ts";
import type { Command, SpawnOptions, subprocess } from "./subprocess-start.ts";
import type { Bytes, ReadTransport, SubprocessTransport, WriteTransport } from "./transports.ts";

/** How a child process is started, and read from. */
export interface SubprocessOptions extends SpawnOptions {
  /** The limit of the readers of its stdout and stderr, in bytes: see `StreamReaderOptions`. By default 65536. */
  readonly limit?: number | undefined;
}

/** The process that a call with `Options` gives: it has the streams that were asked for as pipes. */
export type ProcessOf<Options> = Process<
  Piped<Options, "stdin", StreamWriter>,
  Piped<Options, "stdout", StreamReader>,
  Piped<Options, "stderr", StreamReader>
>;

type Piped<Options, Name extends string, Stream> = Name extends keyof Options
  ? StreamIfPipe<Options[Name], Stream>
  : null;
type StreamIfPipe<Value, Stream> = Value extends typeof subprocess.PIPE ? Stream : null;

/**
 * Starts a program, without a shell: `asyncio.create_subprocess_exec`.
 *
 * ```ts
 * const { PIPE } = subprocess;
 * await using process = await createSubprocessExec("git", ["log", "-1"], { stdout: PIPE });
 * const [stdout] = await process.communicate();
 * ```
 *
 * `await using` is the scope of the process: however the block ends, also by cancellation, the process is killed if it
 * still runs, has ended and left no zombie, and its pipes are closed, before the code after the block goes on. Without
 * it a process outlives the task that started it, as in asyncio; what still runs when the loop is closed is killed.
 *
 * @throws an error that says why the program can't be started, with Node's `code`: `ENOENT`, `EACCES`; TypeError.
 */
export async function createSubprocessExec<const Options extends SubprocessOptions = {}>(
  program: string,
  args: readonly string[] = [],
  options?: Options,
): Promise<ProcessOf<Options>> {
  return await create<Options>({ program, args }, options);
}

/**
 * Runs a line in the shell, `/bin/sh`: `asyncio.create_subprocess_shell`. Whatever is put into the line is the shell's
 * to interpret: for what comes from outside use {@link createSubprocessExec}.
 *
 * The process is the shell. With `startNewSession` the end of its scope kills the programs that it started, too.
 */
export async function createSubprocessShell<const Options extends SubprocessOptions = {}>(
  command: string,
  options?: Options,
): Promise<ProcessOf<Options>> {
  return await create<Options>({ shell: command }, options);
}

async function create<Options extends SubprocessOptions>(
  command: Command,
  options: SubprocessOptions = {},
): Promise<ProcessOf<Options>> {
  const loop = getRunningLoop();
  const [transport, protocol] = await startWith(() => new StreamsProtocol(loop, options), command, options);
  return new Process(transport, protocol) as ProcessOf<Options>;
}

/** What was read from a stream; null where there is none. */
type Output<Stream> = Stream extends null ? null : Buffer;

/** A child process: `asyncio.subprocess.Process`. */
export class Process<
  Stdin extends StreamWriter | null = StreamWriter | null,
  Stdout extends StreamReader | null = StreamReader | null,
  Stderr extends StreamReader | null = StreamReader | null,
> implements AsyncDisposable {
  /** Null unless it was started with `stdin: PIPE`; so are {@link stdout} and {@link stderr}. */
  readonly stdin: Stdin;
  readonly stdout: Stdout;
  readonly stderr: Stderr;
  /** Its process ID; the shell's, if a shell runs it. */
  readonly pid: number;
  readonly #transport: ChildTransport;

  /** @internal */
  constructor(transport: ChildTransport, protocol: StreamsProtocol) {
    this.#transport = transport;
    this.stdin = protocol.stdin as Stdin;
    this.stdout = protocol.stdout as Stdout;
    this.stderr = protocol.stderr as Stderr;
    this.pid = transport.getPid();
  }

  /** Null while it runs; then its exit code, or, if a signal ended it, the signal's number below 0. */
  get returncode(): number | null {
    return this.#transport.getReturncode();
  }

  /**
   * Waits until the process has ended, and gives its {@link returncode}. Cancelling gives up waiting.
   *
   * A process that writes to a pipe which nobody reads stops when the pipe is full, and never ends:
   * use {@link communicate}.
   */
  async wait(): Promise<number> {
    return await this.#transport._wait();
  }

  /**
   * Writes `input` to stdin and closes it, reads stdout and stderr to their ends, and waits for the process. All of it
   * is kept in memory. That the process reads no more of its input is no error.
   *
   * It ends with the last process that holds the pipes: one that was started in the background may do so for longer.
   * Cancelled, it leaves the process running: see {@link createSubprocessExec}.
   *
   * @throws RangeError if there is input, and stdin is no pipe.
   */
  async communicate(input?: Bytes): Promise<[stdout: Output<Stdout>, stderr: Output<Stderr>]> {
    if (input !== undefined && this.stdin === null) {
      throw new RangeError("there is input, but nowhere to write it: start the process with stdin: subprocess.PIPE");
    }
    const [, stdout, stderr] = await gather(
      () => feed(this.stdin, input),
      () => readAll(this.stdout),
      () => readAll(this.stderr),
      () => this.#transport._over(),
    );
    return [stdout, stderr] as [Output<Stdout>, Output<Stderr>];
  }

  /** asyncio's `send_signal`. @throws ProcessLookupError if it has ended; RangeError if there is no such signal. */
  sendSignal(signal: NodeJS.Signals | number): void {
    this.#transport.sendSignal(signal);
  }

  /** Asks it to end, by SIGTERM: it may clean up, or go on. @throws ProcessLookupError if it has ended. */
  terminate(): void {
    this.#transport.terminate();
  }

  /** Ends it, by SIGKILL. @throws ProcessLookupError if it has ended. */
  kill(): void {
    this.#transport.kill();
  }

  toString(): string {
    return `<${this.constructor.name} ${this.pid}>`;
  }

  /** Kills it if it still runs, closes its pipes, and waits until nothing of it is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#transport.close();
    await this.#transport._over();
  }
}

async function feed(stdin: StreamWriter | null, input: Bytes | undefined): Promise<void> {
  if (stdin === null) return;
  try {
    if (input !== undefined) stdin.write(input);
    await stdin.drain();
  } catch (thrown) {
    if (!["EPIPE", "ECONNRESET"].includes(codeOf(thrown) ?? "")) throw thrown;
  }
  stdin.close();
}

async function readAll(reader: StreamReader | null): Promise<Buffer | null> {
  return reader === null ? null : await reader.read();
}

/** Makes streams of a child's pipes: asyncio's `SubprocessStreamProtocol`. */
class StreamsProtocol extends SubprocessProtocol {
  stdin: StreamWriter | null = null;
  readonly stdout: StreamReader | null;
  readonly stderr: StreamReader | null;
  readonly #loop: EventLoop;
  #flow: FlowControl | null = null;

  constructor(loop: EventLoop, { stdout, stderr, limit }: SubprocessOptions) {
    super();
    this.#loop = loop;
    this.stdout = stdout === "pipe" ? new StreamReader({ limit, loop }) : null;
    this.stderr = stderr === "pipe" ? new StreamReader({ limit, loop }) : null;
  }

  override connectionMade(transport: SubprocessTransport): void {
    const stdin = transport.getPipeTransport(0) as WriteTransport | null;
    if (stdin !== null) {
      this.#flow = new FlowControl(stdin, this.#loop);
      this.stdin = new StreamWriter(this.#flow, null);
    }
    this.stdout?.setTransport(transport.getPipeTransport(1) as ReadTransport);
    this.stderr?.setTransport(transport.getPipeTransport(2) as ReadTransport);
  }

  override pipeDataReceived(fd: number, data: Buffer): void {
    this.#reader(fd)?.feedData(data);
  }

  override pipeConnectionLost(fd: number, error: unknown): void {
    if (fd === 0) this.#flow?.lost(error);
    else if (error === null) this.#reader(fd)?.feedEof();
    else this.#reader(fd)?.setException(error);
  }

  override pauseWriting(): void {
    this.#flow?.pause();
  }

  override resumeWriting(): void {
    this.#flow?.resume();
  }

  #reader(fd: number): StreamReader | null {
    return fd === 1 ? this.stdout : this.stderr;
  }
}
