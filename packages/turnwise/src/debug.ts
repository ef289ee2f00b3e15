/** What asyncio's debug mode adds: where things were made, and which steps were slow. */
import { process } from "./process.ts";

/** So many frames are kept (asyncio's figure). */
const DEPTH = 10;

interface StackCapture {
  stackTraceLimit?: number;
  captureStackTrace?(target: object, from?: unknown): void;
}

/** The stack of the caller of `from`, without Turnwise's own frames and the platform's; innermost first. */
export function callSite(from: unknown): string {
  const capture = Error as StackCapture;
  const limit = capture.stackTraceLimit;
  const holder: { stack?: string } = {};
  // Our own frames and the platform's are dropped below, and count.
  capture.stackTraceLimit = DEPTH * 3;
  // An engine without it has no stack to show.
  capture.captureStackTrace?.(holder, from);
  if (limit !== undefined) capture.stackTraceLimit = limit;
  const frames = (holder.stack ?? "").split("\n").filter(isUserFrame);
  return frames.slice(0, DEPTH).join("\n");
}

/** Where this module lies: frames from there are ours. A bundle has no such place, and shows all frames. */
const OWN_FOLDER = /\(?([^\s()]*\/)debug\.[jt]s:\d+:\d+\)?/.exec(new Error("").stack ?? "")?.[1];

function isUserFrame(line: string): boolean {
  if (!/^\s+at /.test(line) || line.includes("node:") || line.includes("<anonymous>")) return false;
  return OWN_FOLDER === undefined || !line.includes(OWN_FOLDER) || line.includes(".test.ts");
}

/** `file:line` of the innermost of the user's frames; empty if there is none. */
export function shortSite(stack: string): string {
  return /\(?((?:file:\/\/)?[^\s()]+:\d+):\d+\)?$/m.exec(stack)?.[1] ?? "";
}

/** Whether the environment asks for debug mode: `TURNWISE_DEBUG=1`. */
export function debugByEnvironment(): boolean {
  const value = process?.env?.["TURNWISE_DEBUG"] ?? "";
  return value !== "" && value !== "0";
}

/** Whether `fn` is an async function, whose promise nobody would await if it were called as a callback. */
export function isAsyncFunction(fn: unknown): boolean {
  return typeof fn === "function" && fn.constructor.name === "AsyncFunction";
}

/** Where tasks, futures and handles were made, in debug mode. */
const origins = new WeakMap<object, string>();
/** Where tasks wait, in debug mode: the stack of the `await`. */
const suspensions = new WeakMap<object, string>();

/** Notes where `thing` is made: asyncio's source traceback. @param maker - the function whose caller makes it. */
export function noteOrigin(thing: object, maker: unknown): void {
  origins.set(thing, callSite(maker));
}

/** Where `thing` was made: the frames, innermost first; undefined where debug mode was off. */
export function originOf(thing: object): string | undefined {
  return origins.get(thing);
}

/** Notes where a task waits. Called from `then`, which the engine calls: its async stack leads to the `await`. */
export function noteSuspension(task: object): void {
  suspensions.set(task, callSite(noteSuspension));
}

/** Where a task waits, or waited last: the frames, innermost first; undefined where debug mode was off. */
export function suspensionOf(task: object): string | undefined {
  return suspensions.get(task);
}

/** ` created at file:line`, for descriptions; empty where it is not known. */
export function createdAt(thing: object): string {
  const site = shortSite(origins.get(thing) ?? "");
  return site === "" ? "" : ` created at ${site}`;
}
