/** What a Python program asks of Node, because WebAssembly has none of it: sockets, names, processes, signals. */
import { lookup, lookupService } from "node:dns/promises";
import * as net from "node:net";
import type { PyodideAPI } from "pyodide";
import { type EventLoop, getRunningLoop, type Task, TimeoutError } from "turnwise";
import {
  connectReadPipe,
  connectWritePipe,
  type ConnectionOptions,
  createConnection,
  createServer,
  createUnixConnection,
  createUnixServer,
  type DatagramEndpointOptions,
  type Server,
  type ServerOptions,
} from "turnwise/node";
import { codeOf, Endpoint, type Open, type Owner } from "./endpoint.ts";
import { hostPath } from "./files.ts";
import { HostDatagrams } from "./host-datagrams.ts";
import { HostListener } from "./host-listener.ts";
import { HostProcess, type ProcessRequest, PYTHON_COMMAND } from "./host-process.ts";
import { HostStream } from "./host-stream.ts";
import { inputStream, outputStream } from "./streams.ts";

/** Node's, from version 26 on. */
interface BoundSocketClass {
  new (options: { host: string; port: number; ipv6Only?: boolean; reusePort?: boolean }): {
    address(): { readonly port: number };
    close(): void;
  };
}
const { BoundSocket } = net as { readonly BoundSocket?: BoundSocketClass };

/** What Python is told by. */
export interface HostEvents {
  /** A socket may be ready for more. */
  readonly changed: (fd: number) => void;
  /** What was asked for under that number has come, or failed: then it has a code. */
  readonly answered: (call: number, code: string | undefined, message: string, value: unknown) => void;
  /** The process got a signal. */
  readonly signalled: (signal: number) => void;
}

/**
 * The functions for Python. Those that take time get a number first, under which they are answered. Errors of I/O are
 * told by their code: they are Python's to raise.
 */
export class Host {
  readonly #pyodide: PyodideAPI;
  readonly #calls = new Map<number, Task<unknown>>();
  /** Ends the watch of a signal, by its number. */
  readonly #unwatch = new Map<number, () => void>();
  /** What is open. */
  readonly #open = new Set<Open>();
  #events: HostEvents | undefined;

  constructor(pyodide: PyodideAPI) {
    this.#pyodide = pyodide;
  }

  /** Python says by what it is told. */
  readonly connect = (
    changed: HostEvents["changed"],
    answered: HostEvents["answered"],
    signalled: HostEvents["signalled"],
  ): void => {
    this.#events = { changed, answered, signalled };
  };

  /** The program is over: whatever it left open ends at once. */
  end(): void {
    for (const task of this.#calls.values()) task.cancel();
    for (const unwatch of this.#unwatch.values()) unwatch();
    this.#unwatch.clear();
    for (const open of this.#open) {
      if (open instanceof Endpoint) open.abort();
      else open.close();
    }
    this.#open.clear();
  }

  /** Nobody waits any more for what was asked for under that number. */
  readonly giveUp = (call: number): void => {
    this.#calls.get(call)?.cancel();
  };

  // ---- Sockets.

  /**
   * Takes an address for a socket that will listen or connect. @returns the address with its port, and how to give it
   * back; or the code of the error; or undefined where Node can't do it yet (before version 26): then it is seen later.
   */
  readonly bind = (
    host: string,
    port: number,
    ipv6Only: boolean,
    reusePort: boolean,
  ): { readonly port: number; readonly release: () => void } | string | undefined => {
    if (BoundSocket === undefined) return undefined;
    try {
      const bound = new BoundSocket({ host, port, ...(ipv6Only && { ipv6Only }), ...(reusePort && { reusePort }) });
      return { port: bound.address().port, release: () => bound.close() };
    } catch (error) {
      return codeOf(error);
    }
  };

  /** @returns a stream that connects. `localHost`: the address to connect from. */
  readonly openStream = (
    fd: number,
    host: string,
    port: number,
    localHost: string | undefined,
    localPort: number | undefined,
  ): HostStream => {
    const localAddr = localHost === undefined ? undefined : { host: localHost, port: localPort };
    const options: ConnectionOptions = { host, port, localAddr };
    return this.#connect(fd, `connect to ${host}:${port}`, (stream) => createConnection(() => stream, options));
  };

  readonly openUnixStream = (fd: number, path: string): HostStream => {
    const here = hostPath(this.#pyodide, path);
    return this.#connect(fd, `connect to ${path}`, (stream) => createUnixConnection(() => stream, here));
  };

  /**
   * Answers what is known of TLS, once the handshake is over.
   * @param options - Node's options, as JSON. @param serverHostname - undefined for a server.
   */
  readonly startTls = (
    call: number,
    stream: HostStream,
    options: string,
    serverHostname: string | undefined,
    checkHostname: boolean,
    timeout: number,
  ): void => {
    const ssl = JSON.parse(options) as ConnectionOptions["ssl"] & object;
    this.#start(call, "the TLS handshake", async () => {
      await stream.startTls(
        checkHostname ? ssl : { ...ssl, checkServerIdentity: () => undefined },
        serverHostname,
        timeout,
      );
      return stream.tls();
    });
  };

  readonly makeListener = (): HostListener => new HostListener(this.#owner);

  /** @param options - of `createServer`, as JSON. */
  readonly listen = (call: number, listener: HostListener, options: string): void => {
    const where = JSON.parse(options) as ServerOptions;
    this.#start(call, `listen on ${String(where.host)}:${where.port}`, () =>
      listener.listen((makeProtocol): Promise<Server> => createServer(makeProtocol, where)),
    );
  };

  readonly listenOnPath = (call: number, listener: HostListener, path: string, backlog: number): void => {
    const here = hostPath(this.#pyodide, path);
    this.#start(call, `listen on ${path}`, () =>
      listener.listen((makeProtocol): Promise<Server> => createUnixServer(makeProtocol, here, { backlog })),
    );
  };

  readonly makeDatagrams = (): HostDatagrams => new HostDatagrams(this.#owner);

  /** @param options - of `createDatagramEndpoint`, as JSON. */
  readonly openDatagrams = (call: number, datagrams: HostDatagrams, options: string): void => {
    this.#start(call, "open a datagram endpoint", () => datagrams.open(JSON.parse(options) as DatagramEndpointOptions));
  };

  // ---- Standard streams.

  /** @returns a stream of what the program reads. */
  readonly openInput = (fd: number): HostStream =>
    this.#connect(fd, "read from stdin", (stream) => connectReadPipe(() => stream, inputStream()));

  /** @returns a stream to where what the program prints goes. @param output - 1 or 2. */
  readonly openOutput = (fd: number, output: 1 | 2): HostStream =>
    this.#connect(fd, `write to ${output}`, (stream) => connectWritePipe(() => stream, outputStream(output)));

  // ---- Names.

  /** Answers `[family, address]` for each address. @param family - 4, 6, or 0 for both. */
  readonly lookup = (call: number, host: string, family: number): void => {
    this.#start(call, `look up ${host}`, async () => {
      const found = await lookup(host, { all: true, family });
      return found.map((one) => [one.family, one.address]);
    });
  };

  /** Answers `[name, service]`. */
  readonly lookupService = (call: number, address: string, port: number): void => {
    this.#start(call, `look up ${address}`, async () => {
      const { hostname, service } = await lookupService(address, port);
      return [hostname, service];
    });
  };

  // ---- Processes.

  readonly environment: Readonly<Record<string, string | undefined>> = { ...process.env };
  /** What a program starts if it starts Python. */
  readonly executable: string = PYTHON_COMMAND;

  /** Answers a {@link HostProcess}. @param request - a {@link ProcessRequest}, as JSON. */
  readonly spawn = (call: number, request: string): void => {
    this.#start(call, "start a process", () =>
      HostProcess.start(this.#owner, this.#pyodide, JSON.parse(request) as ProcessRequest),
    );
  };

  /** Answers the return code, once it has ended. */
  readonly waitFor = (call: number, child: HostProcess): void => {
    child.whenEnded((returncode) => this.#events?.answered(call, undefined, "", returncode));
  };

  // ---- Signals.

  readonly pid: number = process.pid;
  readonly ppid: number = process.ppid;

  /** From now on Python is told of a signal. */
  readonly watchSignal = (number: number, name: string): void => {
    const signal = name as NodeJS.Signals;
    const listener = (): void => this.#events?.signalled(number);
    process.on(signal, listener);
    this.#unwatch.set(number, () => process.off(signal, listener));
  };

  readonly unwatchSignal = (number: number): void => {
    this.#unwatch.get(number)?.();
    this.#unwatch.delete(number);
  };

  /** @param name - empty to find out whether the process is there. @returns the code of the error, if there is one. */
  readonly sendSignal = (pid: number, name: string): string | undefined => {
    try {
      process.kill(pid, name === "" ? 0 : name);
      return undefined;
    } catch (error) {
      return codeOf(error);
    }
  };

  readonly #owner: Owner = {
    opened: (open) => this.#open.add(open),
    closed: (open) => this.#open.delete(open),
    changed: (fd) => this.#events?.changed(fd),
  };

  #connect(fd: number, name: string, open: (stream: HostStream) => Promise<unknown>): HostStream {
    const stream = new HostStream(this.#owner);
    stream.setNumber(fd);
    stream.connect(getRunningLoop(), name, () => open(stream));
    return stream;
  }

  /** Does it in a task of the running loop, and answers. */
  #start(call: number, name: string, body: () => Promise<unknown>, loop: EventLoop = getRunningLoop()): void {
    const task = loop.createTask(body, { name });
    this.#calls.set(call, task);
    task.addDoneCallback(() => {
      this.#calls.delete(call);
      if (task.cancelled()) return;
      const error = task.exception();
      if (error === null) this.#events?.answered(call, undefined, "", task.result() ?? undefined);
      else {
        const code = error instanceof TimeoutError ? "TIMEOUT" : codeOf(error);
        this.#events?.answered(call, code, error instanceof Error ? error.message : String(error), undefined);
      }
    });
  }
}
