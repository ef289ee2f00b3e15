/** What runs in a thread of a pool: one job after the other, each a function of a module. */
import type { MessagePort } from "node:worker_threads";
import { findUncloneable } from "./cloning.ts";
import { packError, type PackedError } from "./thread-errors.ts";
import { runWithVariables, type Travelling } from "./thread-context.ts";
import { takeTransfer } from "./thread-results.ts";

/** A job's states: who changes it first has his way, the thread that begins or the loop that gives up. */
export const WAITING = 0;
export const BEGUN = 1;
export const GIVEN_UP = 2;

/** A job as it goes to the thread. */
export interface JobMessage {
  readonly module: string;
  readonly name: string;
  readonly args: readonly unknown[];
  readonly variables: Travelling | null;
  /** The ports among the arguments that belong to the job: they are closed at its end. */
  readonly ports: readonly MessagePort[];
  /** One element, shared with the loop's thread. */
  readonly state: Int32Array;
}

/** What comes back. */
export type JobResult = { readonly value: unknown } | { readonly thrown: PackedError };

/** Runs a job. The pool calls it. */
export async function runJob(job: JobMessage): Promise<unknown> {
  if (Atomics.compareExchange(job.state, 0, WAITING, BEGUN) !== WAITING) return undefined;
  try {
    const fn = await load(job);
    const call = (): unknown => fn(...job.args);
    const value: unknown = await (job.variables === null ? call() : runWithVariables(job.variables, call));
    const transfer = takeTransfer(value);
    // The pool would end the thread for it.
    const found = findUncloneable(value, "result", transfer);
    if (found !== null) {
      throw new DOMException(`the result of ${job.name} can't be sent back: ${found}`, "DataCloneError");
    }
    return await withTransfer({ value }, transfer);
  } catch (thrown) {
    return { thrown: packError(thrown) } satisfies JobResult;
  } finally {
    for (const port of job.ports) port.close();
  }
}

/** The pool's way to say what of a result is moved. */
async function withTransfer(result: JobResult, transfer: readonly object[]): Promise<unknown> {
  if (transfer.length === 0) return result;
  const { move, transferableSymbol, valueSymbol } = await import("piscina");
  return move({ [transferableSymbol]: transfer, [valueSymbol]: result } as never);
}

type Exports = Readonly<Record<string, unknown>>;
/** The modules that are loaded: to import one again takes longer than a small job. */
const modules = new Map<string, Exports>();

async function load({ module, name }: JobMessage): Promise<(...args: readonly unknown[]) => unknown> {
  const exported = modules.get(module) ?? (await importModule(module));
  const fn = exported[name];
  if (typeof fn === "function") return fn as (...args: readonly unknown[]) => unknown;
  const names = Object.keys(exported).filter((key) => typeof exported[key] === "function");
  throw new TypeError(
    `the thread's module ${module} exports no function "${name}", but ${names.length > 0 ? names.join(", ") : "none"}`,
  );
}

async function importModule(module: string): Promise<Exports> {
  try {
    const exported = (await import(module)) as Exports;
    modules.set(module, exported);
    return exported;
  } catch (error) {
    if (error instanceof Error) error.message = `can't load the thread's module ${module}: ${error.message}`;
    throw error;
  }
}
