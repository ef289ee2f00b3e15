/**
 * Ctrl-C for a Python program that blocks its thread. The command's own process hears the signal, and sends a byte; a
 * thread of the program's process, this file, reads it.
 */
import { Socket } from "node:net";
import { isMainThread, Worker, workerData } from "node:worker_threads";

/** The variable that names the descriptor to read. */
export const INTERRUPTS = "TURNWISE_INTERRUPTS";

interface Watch {
  readonly descriptor: number;
  readonly interrupts: Int32Array<SharedArrayBuffer>;
}

/** @returns the memory where Python finds that Ctrl-C was pressed; `undefined` if nobody will tell. */
export function watchInterrupts(): Int32Array<SharedArrayBuffer> | undefined {
  const descriptor = process.env[INTERRUPTS];
  delete process.env[INTERRUPTS];
  if (descriptor === undefined) return undefined;
  const interrupts = new Int32Array(new SharedArrayBuffer(4));
  const watch: Watch = { descriptor: Number(descriptor), interrupts };
  new Worker(new URL(import.meta.url), { workerData: watch, execArgv: [] }).unref();
  process.on("SIGINT", ignore); // It comes by the pipe.
  return interrupts;
}

/** Ends the process as Ctrl-C would have. */
export function dieOf(signal: NodeJS.Signals): void {
  process.off("SIGINT", ignore);
  process.kill(process.pid, signal);
}

function ignore(): void {}

if (!isMainThread) {
  const { descriptor, interrupts } = workerData as Watch;
  const SIGINT = 2;
  new Socket({ fd: descriptor, readable: true }).on("data", () => {
    Atomics.store(interrupts, 0, SIGINT);
    Atomics.notify(interrupts, 0);
  });
}
