/** What the tests of executors call, wherever it runs. */
import { appendFileSync, readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { run } from "../../runners.ts";
import { sleep } from "../../sleep.ts";

export default function shout(text: string): string {
  return `${text.toUpperCase()}!`;
}

export function add(a: number, b: number): number {
  return a + b;
}

export async function later<T>(value: T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return value;
}

/** Writes a line to a file, then gives `result`. */
export function note(file: string, line: string, result: number): number {
  appendFileSync(file, `${line}\n`);
  return result;
}

/** Leaves a line in a file, waits, and another one when it is over. */
export async function stay(file: string): Promise<void> {
  appendFileSync(file, "begun\n");
  try {
    // A thread of a pool has no loop that runs.
    await (isMainThread ? sleep(30) : run(() => sleep(30)));
  } finally {
    appendFileSync(file, "ended\n");
  }
}

/** Fails until it was called so many times: a file counts. */
export function failUntil(file: string, calls: number): number {
  appendFileSync(file, "called\n");
  const count = readFileSync(file, "utf8").split("\n").length - 1;
  if (count < calls) throw new RangeError(`call ${count} of ${calls}`);
  return count;
}

/** Throws `what`: a file counts. */
export function throwing(file: string, what: unknown): never {
  appendFileSync(file, "called\n");
  throw what;
}

export class NoSuchUser extends Error {
  override name = "NoSuchUser";
  readonly code = "ENOUSER";
}

export function fail(): never {
  throw new NoSuchUser("no user 7", { cause: new RangeError("7 is too many") });
}

export function unsendable(): object {
  return { list: [1, { callback: () => 1 }] };
}
