/**
 * `tellWhenAsked`: a program that blocks its thread can't hear that it is to end. A thread beside it, this file, can: it
 * has the program tell what it did so far, in the midst of whatever it does, and ends the process.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { isMainThread, Worker, workerData } from "node:worker_threads";

/** The descriptor on which a byte asks for it. */
export const ASKED_ON = 3;
const TELL: unique symbol = Symbol.for("turnwise.studio.tell") as never;

/** @param tell - is done when it returns; false if the program is about to end, and to tell, by itself. */
export function tellWhenAsked(tell: () => boolean): void {
  Object.defineProperty(globalThis, TELL, { value: tell });
  const worker = new Worker(new URL(import.meta.url), { workerData: TELL.description, execArgv: [], env: {} });
  worker.unref();
}

if (!isMainThread && workerData === "turnwise.studio.tell") {
  const program = new Session();
  program.connectToMainThread();
  new Socket({ fd: ASKED_ON, readable: true }).once("data", () => {
    const expression = `globalThis[Symbol.for(${JSON.stringify(workerData)})]()`;
    program.post("Runtime.evaluate", { expression, returnByValue: true }, (error, answer) => {
      if (error !== null || answer.result.value !== false) process.kill(process.pid, "SIGKILL");
    });
  });
}
