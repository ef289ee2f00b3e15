/** What the tests run in threads. */
import { writeFileSync } from "node:fs";
import { isMainThread, threadId } from "node:worker_threads";
import { ContextVar } from "../../contextvars.ts";
import { createTask } from "../../coroutines.ts";
import { run } from "../../runners.ts";
import { sleep } from "../../sleep.ts";
import { callSoonThreadsafe, type LoopPort, runCoroutineThreadsafe } from "../loop-port.ts";
import { transferring } from "../thread-results.ts";

export const requestId: ContextVar<string> = new ContextVar("requestId", { defaultValue: "none" });
export const user: ContextVar<{ name: string }> = new ContextVar<{ name: string }>("user");
export const logger: ContextVar<(line: string) => void> = new ContextVar<(line: string) => void>("logger");

export function add(a: number, b: number): number {
  return a + b;
}

export function where(): { isMainThread: boolean; threadId: number } {
  return { isMainThread, threadId };
}

export async function later(value: unknown): Promise<unknown> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return value;
}

/** Blocks its thread until the first element of `flag` is not 0; says in the second that it has begun. */
export function block(flag: Int32Array): string {
  Atomics.store(flag, 1, Atomics.load(flag, 1) + 1);
  Atomics.notify(flag, 1);
  Atomics.wait(flag, 0, 0);
  return "went on";
}

/** Blocks until `flag` rises, then leaves a file. */
export function blockAndWrite(flag: Int32Array, path: string): void {
  block(flag);
  writeFileSync(path, "done");
}

export class NoSuchUser extends Error {
  override name = "NoSuchUser";
  readonly code = "ENOUSER";
}

export function fail(): never {
  throw new NoSuchUser("no user 7", { cause: new RangeError("7 is too many") });
}

export function failWith(name: "TypeError" | "AggregateError" | "AbortError" | "string"): never {
  if (name === "string") throw "just a string";
  if (name === "AbortError") throw new DOMException("stop", "AbortError");
  if (name === "AggregateError") throw new AggregateError([new TypeError("one"), new RangeError("two")], "both");
  throw new TypeError("not that");
}

export function unsendable(): object {
  return { callback: () => 1 };
}

export function exit(code: number): never {
  process.exit(code);
}

export async function throwOutside(): Promise<void> {
  setTimeout(() => {
    throw new TypeError("outside");
  });
  await new Promise(() => {});
}

export function fillMemory(): number {
  const all: number[][] = [];
  for (;;) all.push(new Array(10_000).fill(Math.random()));
}

export function doubled(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const result = numbers.map((number) => number * 2);
  return transferring(result, [result.buffer]);
}

/** What the thread sees of the context variables; in a task of a loop of its own, too. */
export async function variables(): Promise<{ direct: string; inTask: string; user: string; hasLogger: boolean }> {
  const direct = requestId.get();
  const inTask = await run(async () => {
    await sleep(0);
    return createTask(async () => requestId.get());
  });
  return { direct, inTask, user: user.get({ name: "nobody" }).name, hasLogger: logger.get(null as never) !== null };
}

export function change(id: string): [before: string | undefined, within: string, after: string] {
  const token = requestId.set(id);
  const within = requestId.get();
  requestId.reset(token);
  return [token.oldValue, within, requestId.get()];
}

/** What the loop's thread lets {@link count} call. */
export interface Counting {
  counted(n: number): void;
  ask(question: string): Promise<string>;
  refuse(): Promise<never>;
}

export function count(port: LoopPort<Counting>, to: number): void {
  for (let n = 1; n <= to; n++) callSoonThreadsafe(port, "counted", n);
}

export function callUnknown(port: LoopPort<Counting>): void {
  callSoonThreadsafe(port as LoopPort<Counting & { nothing(): void }>, "nothing");
}

export async function ask(port: LoopPort<Counting>, question: string): Promise<string> {
  return `answer: ${await runCoroutineThreadsafe(port, "ask", question)}`;
}

/** Returns before the answer is there. */
export function askInVain(port: LoopPort<Counting>): void {
  void runCoroutineThreadsafe(port, "ask", "");
}

export async function askToRefuse(port: LoopPort<Counting>): Promise<string> {
  return runCoroutineThreadsafe(port, "refuse").catch((error: Error) => `${error.name}: ${error.message}`);
}

export default function shout(text: string): string {
  return `${text.toUpperCase()}!`;
}
