import * as asyncio from "turnwise";
import { DeadlockError, runVirtual } from "turnwise/testing";
import { Book, describe, type Log, type Program } from "./log.ts";

// A runtime that lost its way neither ends nor deadlocks; after this long it counts as stuck.
const PATIENCE_MS = 10_000;
const setHostTimeout = globalThis.setTimeout;
const clearHostTimeout = globalThis.clearTimeout;

/** Runs a program on Turnwise under virtual time and returns its log: what `run_main` does in python/conformance.py. */
export async function runTurnwise(program: Program): Promise<string[]> {
  const book = new Book();
  const begin = async (): Promise<void> => {
    const loop = asyncio.getRunningLoop();
    loop.setExceptionHandler((_, { message, exception }) => book.handleException(message, exception));
    const main = asyncio.currentTask();
    if (main === null) throw new TypeError("the main function does not run in a task");
    book.begin(loop, main);
    await program(book.log);
  };

  return book.close(await inTime(() => runVirtual(begin).then(() => "main returned", endingOf)));
}

function endingOf(error: unknown): string {
  if (error instanceof asyncio.CancelledError) return "main cancelled";
  if (error instanceof DeadlockError) return "main deadlocked";
  return `main raised ${describe(error)}`;
}

/** The timer is set first: one that came later would look like something that the program waits for. */
function inTime(run: () => Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setHostTimeout(() => resolve("turnwise is stuck: it neither ends nor deadlocks"), PATIENCE_MS);
    run()
      .then(resolve, reject)
      .finally(() => clearHostTimeout(timer));
  });
}

/** What a program in text form can name, besides `log`: Turnwise and the helpers of log.ts. */
export type Names = Readonly<Record<string, unknown>>;

const AsyncFunction = (async () => {}).constructor as new (
  ...text: string[]
) => (...values: unknown[]) => Promise<void>;

/** Makes a program of the body of an async function whose free names are `log` and those in `names`. */
export function programOf(body: string, names: Names): Program {
  const main = new AsyncFunction("log", ...Object.keys(names), `"use strict";\n${body}`);
  return (log: Log) => main(log, ...Object.values(names));
}
