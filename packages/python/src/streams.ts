/** What a Python program reads and prints: this process's own standard streams, or what the caller gives. */
import { readSync, writeSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { isatty } from "node:tty";
import type { PyodideAPI } from "pyodide";
import { bytesOf } from "./host-stream.ts";
import { blockFor } from "./interrupts.ts";

/** The streams of one program. */
export interface Streams {
  /** What it reads; by default this process's stdin. */
  readonly stdin?: string | Uint8Array | undefined;
  /** Is given what it prints; by default it goes to this process's stdout. The bytes are the receiver's. */
  readonly stdout?: ((bytes: Uint8Array) => void) | undefined;
  /** As `stdout`. */
  readonly stderr?: ((bytes: Uint8Array) => void) | undefined;
}

/** Those of the program that runs. */
let connected: Streams = {};

/** Connects the interpreter's streams. */
export function connect(pyodide: PyodideAPI, streams: Streams): void {
  const { stdin, stdout, stderr } = (connected = streams);
  pyodide.setStdin(
    stdin === undefined
      ? { read: (buffer) => patiently(() => readSync(0, buffer)), isatty: isatty(0) }
      : { read: reader(typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin), isatty: false },
  );
  pyodide.setStdout(output(1, stdout));
  pyodide.setStderr(output(2, stderr));
}

/** Whether the program reads something else than this process's stdin. */
export function redirectsInput(): boolean {
  return connected.stdin !== undefined;
}

/** Who is given what the program prints to its stdout (1) or stderr (2); undefined if it goes to this process's. */
export function redirectedOutput(fd: 1 | 2): Streams["stdout"] {
  return fd === 1 ? connected.stdout : connected.stderr;
}

/** What the program reads, as a stream of Node's. */
export function inputStream(): Readable {
  const { stdin } = connected;
  return stdin === undefined ? process.stdin : Readable.from([Buffer.from(stdin)], { objectMode: false });
}

/** Where what the program prints goes, as a stream of Node's: to end it ends nothing else. */
export function outputStream(fd: 1 | 2): Writable {
  const receive = redirectedOutput(fd);
  const shared = fd === 1 ? process.stdout : process.stderr;
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (receive === undefined) shared.write(chunk, done);
      else {
        receive(bytesOf(chunk));
        done();
      }
    },
  });
}

interface Output {
  write(buffer: Uint8Array): number;
  isatty: boolean;
}

function output(fd: number, receive: Streams["stdout"]): Output {
  if (receive === undefined) {
    return { write: (buffer) => patiently(() => writeSync(fd, buffer)), isatty: isatty(fd) };
  }
  return {
    write: (buffer) => {
      receive(buffer.slice());
      return buffer.length;
    },
    isatty: false,
  };
}

function reader(bytes: Uint8Array): (buffer: Uint8Array) => number {
  let at = 0;
  return (buffer) => {
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
    return part.length;
  };
}

/** How long to wait, in seconds, before a stream that is not ready is tried again. */
const RETRY = 0.002;

/** A pipe or a terminal may be one that does not block; a Python program expects that it does. */
function patiently(transfer: () => number): number {
  for (;;) {
    try {
      return transfer();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0; // Windows says so at the end.
      if (code !== "EAGAIN") throw error;
      blockFor(RETRY);
    }
  }
}
