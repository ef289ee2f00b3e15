/** `ChildTransport`: a child process that runs, with its pipes. `subprocessExec` and `subprocessShell` start one. */
import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import process from "node:process";
import { type Context, copyContext } from "../contextvars.ts";
import type { EventLoop } from "../events.ts";
import { getRunningLoop } from "../running.ts";
import { ChildPipe } from "./child-pipe.ts";
import { codeOf } from "./io-errors.ts";
import { LoopTransport, type ProtocolFactory } from "./loop-transport.ts";
import { Operation } from "./operation.ts";
import type { SubprocessProtocol } from "./protocols.ts";
import { signalName, signalNumber } from "./signal-names.ts";
import { checkStart, type Command, type SpawnOptions, start, type Started } from "./subprocess-start.ts";
import type { SubprocessTransport } from "./transports.ts";

/**
 * Starts a program, with a protocol for what happens to it: asyncio's `loop.subprocess_exec`. Most programs want
 * `createSubprocessExec`.
 *
 * @returns the transport and the protocol; `connectionMade` was called.
 * @throws an error that says why the program can't be started, with Node's `code`: `ENOENT`, `EACCES`; TypeError.
 */
export function subprocessExec<P extends SubprocessProtocol>(
  protocolFactory: ProtocolFactory<P>,
  program: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<[transport: SubprocessTransport, protocol: P]> {
  return startWith(protocolFactory, { program, args }, options);
}

/** {@link subprocessExec} for a line for the shell, `/bin/sh`: asyncio's `loop.subprocess_shell`. */
export function subprocessShell<P extends SubprocessProtocol>(
  protocolFactory: ProtocolFactory<P>,
  command: string,
  options: SpawnOptions = {},
): Promise<[transport: SubprocessTransport, protocol: P]> {
  return startWith(protocolFactory, { shell: command }, options);
}

/** @internal Starts a child; if that is cancelled, it is killed, and has ended when this throws. */
export async function startWith<P extends SubprocessProtocol>(
  protocolFactory: ProtocolFactory<P>,
  command: Command,
  options: SpawnOptions,
): Promise<[transport: ChildTransport, protocol: P]> {
  const loop = getRunningLoop();
  checkStart(command, options);
  const protocol = protocolFactory();
  const started = await start(loop, command, options);
  const transport = new ChildTransport(loop, started, protocol, options.startNewSession === true, copyContext());
  const connected = loop.createFuture();
  loop.callSoon(() => connected.done() || connected.setResult()); // Behind the call of `connectionMade`.
  try {
    await connected;
  } catch (thrown) {
    transport.close();
    await transport._over();
    throw thrown;
  }
  return [transport, protocol];
}

/** A signal was sent to a process that has ended: Python's `ProcessLookupError`. */
export class ProcessLookupError extends Error {
  override get name(): string {
    return "ProcessLookupError";
  }
  readonly code = "ESRCH";
}

/** See the file's head. */
export class ChildTransport extends LoopTransport implements SubprocessTransport {
  readonly #child: ChildProcess;
  readonly #pid: number;
  readonly #leadsGroup: boolean;
  readonly #pipes: (ChildPipe | null)[];
  #openPipes: number;
  #returncode: number | null = null;
  #hasToldExit = false;
  #isLost = false;
  readonly #exitWaiters = new Set<Operation<number>>();
  readonly #overWaiters = new Set<Operation<void>>();

  constructor(
    loop: EventLoop,
    { child, merged }: Started,
    protocol: SubprocessProtocol,
    leadsGroup: boolean,
    context: Context,
  ) {
    super(loop, protocol, context);
    this.#child = child;
    this.#pid = child.pid as number;
    this.#leadsGroup = leadsGroup;
    const streams = [child.stdin, merged ?? child.stdout, child.stderr] as (Socket | null)[];
    this.#pipes = streams.map((stream, fd) => stream && new ChildPipe(loop, stream, this, fd, context));
    this.#openPipes = this.#pipes.filter((pipe) => pipe !== null).length;
    // When a child ends, Node reads its pipes empty, and drops what it reads, if nobody seems to read them: not these.
    (child.stdio as unknown[]).fill(null);
    child.once("exit", (code, signal) => this.#exited(code ?? -signalNumber(signal as NodeJS.Signals)));
  }

  getPid(): number {
    return this.#pid;
  }

  getReturncode(): number | null {
    return this.#returncode;
  }

  getPipeTransport(fd: number): ChildPipe | null {
    return this.#pipes[fd] ?? null;
  }

  override getExtraInfo(name: string, fallback: unknown = null): unknown {
    return name === "subprocess" ? this.#child : fallback;
  }

  override getProtocol(): SubprocessProtocol {
    return super.getProtocol() as SubprocessProtocol;
  }

  /** @throws ProcessLookupError if the child has ended. */
  sendSignal(signal: NodeJS.Signals | number): void {
    const name = signalName(signal);
    if (this.#returncode !== null) {
      throw new ProcessLookupError(
        `process ${this.#pid} has ended (returncode ${this.#returncode}): it gets no ${name}`,
      );
    }
    // Until Node tells of its end, the child's number is its own, also when it has ended.
    process.kill(this.#pid, name);
  }

  terminate(): void {
    this.sendSignal("SIGTERM");
  }

  kill(): void {
    this.sendSignal("SIGKILL");
  }

  /** Closes the pipes, and kills the child if it runs. */
  override close(): void {
    if (this.closing) return;
    this.closing = true;
    this.destroy();
  }

  override loopClosed(): void {
    super.loopClosed();
    this.#child.unref();
  }

  override toString(): string {
    const state = this.#returncode === null ? "running" : `returncode=${this.#returncode}`;
    return `<${this.constructor.name} pid=${this.#pid} ${state}>`;
  }

  /** @internal Gives the return code once the child has ended; its pipes may be open. */
  _wait(): PromiseLike<number> {
    const waiter = new Operation<number>(this.loop, `the end of process ${this.#pid}`, () => {
      this.#exitWaiters.delete(waiter);
    });
    if (this.#returncode === null) this.#exitWaiters.add(waiter);
    else waiter.finish(this.#returncode);
    return waiter;
  }

  /** @internal Waits for `connectionLost`: the child has ended, and its pipes are closed. */
  _over(): PromiseLike<void> {
    const waiter = new Operation<void>(this.loop, `the end of process ${this.#pid}, and of its pipes`, () => {
      this.#overWaiters.delete(waiter);
    });
    if (this.#isLost) waiter.finish();
    else this.#overWaiters.add(waiter);
    return waiter;
  }

  /** @internal */
  _pipeLost(fd: number, error: unknown): void {
    this.#openPipes--;
    try {
      this.returned("pipeConnectionLost", this.getProtocol().pipeConnectionLost(fd, error));
    } finally {
      if (this.#isOver()) this.over();
    }
  }

  protected override deliver(): boolean {
    if (!this.hasMore()) return false;
    this.#hasToldExit = true;
    try {
      this.returned("processExited", this.getProtocol().processExited());
    } catch (thrown) {
      this.failed("processExited", thrown);
    }
    for (const waiter of this.#exitWaiters) waiter.finish(this.#returncode as number);
    this.#exitWaiters.clear();
    if (this.#isOver()) this.over();
    return true;
  }

  protected override hasMore(): boolean {
    return this.#returncode !== null && !this.#hasToldExit;
  }

  protected override made(): void {}

  protected override lost(): void {
    this.#isLost = true;
    for (const waiter of this.#overWaiters) waiter.finish();
    this.#overWaiters.clear();
  }

  protected override destroy(): void {
    // Somebody holds the pipes as long as they are open: so the number of the group is not another's by now.
    const groupLives = this.#returncode === null || this.#openPipes > 0;
    if (this.#leadsGroup && groupLives) killIfThere(-this.#pid);
    else if (this.#returncode === null) killIfThere(this.#pid);
    // Last: it is to end by the signal, and not by what becomes of its pipes.
    for (const pipe of this.#pipes) pipe?.abort();
  }

  /** All was told but `connectionLost`. */
  #isOver(): boolean {
    return this.#hasToldExit && this.#openPipes === 0;
  }

  #exited(returncode: number): void {
    this.#returncode = returncode;
    this.schedule();
  }
}

/** Kills a process, or a group of them. It may have ended, or be another user's by now. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (thrown) {
    if (!["ESRCH", "EPERM"].includes(codeOf(thrown) ?? "")) throw thrown;
  }
}
