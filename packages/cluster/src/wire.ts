/** What goes over Redis: arguments, results, errors. Data, never code. */
import { deserialize, serialize } from "node:v8";
import { findUncloneable, packError, type PackedError, unpackError } from "turnwise/executor";

/**
 * A value: as JSON where that keeps it, so that BullMQ's own tools can show it; else as Node serialises it, in base64,
 * which keeps what the structured clone keeps.
 */
export type Packed = { readonly json: unknown } | { readonly v8: string };

/** A call, as it lies in the queue: its arguments. What is called is the job's name, see {@link callName}. */
export type CallData = Packed & {
  /** How long an attempt may take; in seconds. */
  readonly timeout?: number;
};

/** A function of a module, in words, and on the wire. */
export function callName(fn: string, module: string): string {
  return `${fn}${IN}${module}`;
}

/** What {@link callName} made one of. */
export function namedIn(name: string): { readonly fn: string; readonly module: string } {
  const at = name.indexOf(IN);
  return at < 0 ? { fn: name, module: "" } : { fn: name.slice(0, at), module: name.slice(at + IN.length) };
}

const IN = " in ";

/**
 * Packs a value.
 * @param name - what it is, for the error: "args".
 * @param refusal - what can't be done if it can't be sent.
 * @throws DataCloneError, with the path to what can't be sent.
 */
export function pack(value: unknown, name: string, refusal: string): Packed {
  if (isJson(value, new Set())) return { json: value };
  const found = findUncloneable(value, name, []);
  if (found !== null) throw new DOMException(`${refusal}: ${found}`, "DataCloneError");
  try {
    return { v8: serialize(value).toString("base64") };
  } catch (error) {
    throw new DOMException(`${refusal}: ${(error as Error).message}`, "DataCloneError");
  }
}

/** The value. @throws TypeError, Error where it was not packed by {@link pack}: others can write to Redis, too. */
export function unpack(packed: Packed): unknown {
  const found: unknown = packed;
  if (typeof found === "object" && found !== null) {
    if ("v8" in found && typeof found.v8 === "string") {
      return deserialize(Buffer.from(found.v8, "base64")) as unknown;
    }
    if ("json" in found) return found.json;
  }
  throw new TypeError("what came over the queue is not what Turnwise sends");
}

/**
 * Whether JSON gives the same value back.
 * @param seen - the objects that were met: JSON makes two of what is there twice.
 */
function isJson(value: unknown, seen: Set<object>): boolean {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return true;
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === "object" && isJsonObject(value, seen);
}

function isJsonObject(value: object, seen: Set<object>): boolean {
  if (seen.has(value)) return false;
  seen.add(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) return isJsonArray(value as readonly unknown[], seen);
  if (prototype !== Object.prototype && prototype !== null) return false;
  if ("toJSON" in value || Object.hasOwn(value, "__proto__")) return false;
  for (const key in value) if (!isJson((value as Record<string, unknown>)[key], seen)) return false;
  return true;
}

function isJsonArray(array: readonly unknown[], seen: Set<object>): boolean {
  // A hole is undefined, and no JSON.
  for (let i = 0; i < array.length; i++) if (!isJson(array[i], seen)) return false;
  // Nor are properties beside the items.
  return Object.keys(array).length === array.length;
}

/** BullMQ takes an error with this message for its own word that the job is to begin again, at once and without an end. */
const TRY_AGAIN_FOR_EVER = "bullmq:rateLimitExceeded";

/** What is before an error in the stack that BullMQ keeps of a failed job. */
const MARK = "\n    --- the error, for the caller: ";

/**
 * An error for BullMQ: message and stack as people read them, and in the stack's last line all that the caller gets.
 * @param isFinal - the call is not tried again.
 */
export function errorForQueue(thrown: unknown, isFinal: boolean): Error {
  const packed = packError(thrown);
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const error = new Error(text === TRY_AGAIN_FOR_EVER ? `the function threw ${text}` : text);
  if (isFinal) error.name = "UnrecoverableError"; // BullMQ's word for what is not tried again.
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  error.stack = `${stack}${MARK}${JSON.stringify(pack(packed, "error", "the error can't be sent"))}`;
  return error;
}

/** What the function threw. @param stacks - the stacks that BullMQ kept, oldest first. Null where none has the error. */
export function errorFromQueue(stacks: readonly string[]): { readonly thrown: unknown } | null {
  const last = stacks.at(-1);
  const at = last?.lastIndexOf(MARK) ?? -1;
  if (last === undefined || at < 0) return null;
  return { thrown: unpackError(unpack(JSON.parse(last.slice(at + MARK.length)) as Packed) as PackedError) };
}

/** A stack as people read it. */
export function shownStack(stack: string): string {
  const at = stack.lastIndexOf(MARK);
  return at < 0 ? stack : stack.slice(0, at);
}
