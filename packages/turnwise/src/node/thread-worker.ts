/** What runs in a thread of a pool: one job after the other, each a function of a module. */
import { type MessagePort, threadId, workerData } from "node:worker_threads";
import { isThenable } from "../thenable.ts";
import { findUncloneable } from "./cloning.ts";
import { loadFunction } from "./load-function.ts";
import { packError, type PackedError } from "./thread-errors.ts";
import { runWithVariables, type Travelling } from "./thread-context.ts";
import { takeTransfer } from "./thread-results.ts";

/**
 * Pool and threads share an array, with a slot for each job that is on its way. A slot holds the number of its job while
 * nobody has begun that; then the thread's id, negative; or {@link GIVEN_UP}. Who changes it first has his way, the
 * thread that begins or the loop that gives up. A thread that is about to end might come to a job whose slot is
 * another's by now: the number tells them apart.
 */
export const GIVEN_UP = 0;

/** A job as it goes to the thread: one array, which is cloned in half the time. */
export type JobMessage = readonly [
  module: string,
  name: string,
  number: number,
  slot: number,
  more: MoreOfJob | null,
  ...args: readonly unknown[],
];

/** What few jobs have. */
export interface MoreOfJob {
  readonly variables: Travelling | null;
  /** The ports among the arguments that belong to the job: they are closed at its end. */
  readonly ports: readonly MessagePort[];
}

/** What comes back. */
export type JobResult = { readonly value: unknown } | { readonly thrown: PackedError };

const slots = workerData as Int32Array;

/** Runs a job. The pool calls it. */
export function runJob(job: JobMessage): unknown {
  const [module, name, number, slot, more, ...args] = job;
  if (Atomics.compareExchange(slots, slot, number, -threadId) !== number) return undefined;
  if (more !== null) return runWithMore(module, name, args, more);
  try {
    const fn = loadFunction(module, name);
    if (typeof fn !== "function") return runAsync(name, () => fn.then((loaded) => loaded(...args)));
    const value = fn(...args);
    return isThenable(value) ? runAsync(name, () => value) : resultOf(name, value);
  } catch (thrown) {
    return thrownBy(thrown);
  }
}

async function runAsync(name: string, call: () => unknown): Promise<unknown> {
  try {
    return await resultOf(name, await call());
  } catch (thrown) {
    return thrownBy(thrown);
  }
}

async function runWithMore(
  module: string,
  name: string,
  args: readonly unknown[],
  { variables, ports }: MoreOfJob,
): Promise<unknown> {
  try {
    return await runAsync(name, async () => {
      const fn = await loadFunction(module, name);
      const call = (): unknown => fn(...args);
      return await (variables === null ? call() : runWithVariables(variables, call));
    });
  } finally {
    for (const port of ports) port.close();
  }
}

function resultOf(name: string, value: unknown): JobResult | Promise<unknown> {
  const transfer = takeTransfer(value);
  // The pool would end the thread for it.
  const found = findUncloneable(value, "result", transfer);
  if (found !== null) {
    throw new DOMException(`the result of ${name} can't be sent back: ${found}`, "DataCloneError");
  }
  return transfer.length === 0 ? { value } : withTransfer({ value }, transfer);
}

function thrownBy(thrown: unknown): JobResult {
  return { thrown: packError(thrown) };
}

/** The pool's way to say what of a result is moved. */
async function withTransfer(result: JobResult, transfer: readonly object[]): Promise<unknown> {
  const { move, transferableSymbol, valueSymbol } = await import("piscina");
  return move({ [transferableSymbol]: transfer, [valueSymbol]: result } as never);
}
