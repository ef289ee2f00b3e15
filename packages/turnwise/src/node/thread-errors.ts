/** Errors that go from one thread to another. The structured clone keeps of an error's class what JavaScript has. */
import * as exceptions from "../exceptions.ts";
import { describe } from "../describe.ts";
import { isCloneable } from "./cloning.ts";

/** Something that was thrown, as it travels. */
export type PackedError =
  | { readonly value: unknown }
  | {
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      /** Own properties: `code`, `errno`, ...; those that can be cloned. */
      readonly properties: Readonly<Record<string, unknown>>;
      readonly cause: PackedError | null;
      /** Of an `AggregateError`. */
      readonly errors: readonly PackedError[] | null;
    };

/** What was thrown, ready to travel. */
export function packError(thrown: unknown): PackedError {
  return pack(thrown, new Set());
}

/** @param above - the errors whose cause this is: causes may go round in circles. */
function pack(thrown: unknown, above: ReadonlySet<unknown>): PackedError {
  if (above.has(thrown)) return { value: `[circular: ${describe(thrown)}]` };
  if (!(thrown instanceof Error)) return { value: isCloneable(thrown) ? thrown : describe(thrown) };
  const inside = new Set(above).add(thrown);
  return {
    name: thrown.name,
    message: thrown.message,
    stack: thrown.stack,
    properties: Object.fromEntries(Object.entries(thrown).filter(([, value]) => isCloneable(value))),
    cause: "cause" in thrown && thrown.cause !== undefined ? pack(thrown.cause, inside) : null,
    errors: thrown instanceof AggregateError ? thrown.errors.map((error) => pack(error, inside)) : null,
  };
}

/**
 * What was thrown, in this thread: of the same class where that is JavaScript's or Turnwise's own, else an `Error` of
 * the same name. The stack is the other thread's.
 */
export function unpackError(packed: PackedError): unknown {
  if ("value" in packed) return packed.value;
  const error = make(packed);
  const hidden = { writable: true, configurable: true, enumerable: false };
  Object.assign(error, packed.properties);
  if (error.message !== packed.message) Object.defineProperty(error, "message", { ...hidden, value: packed.message });
  if (error.name !== packed.name) Object.defineProperty(error, "name", { ...hidden, value: packed.name });
  if (packed.stack !== undefined) Object.defineProperty(error, "stack", { ...hidden, value: packed.stack });
  if (packed.cause !== null) Object.defineProperty(error, "cause", { ...hidden, value: unpackError(packed.cause) });
  return error;
}

function make({ name, message, errors }: Extract<PackedError, { readonly name: string }>): Error {
  if (errors !== null) {
    const all = errors.map(unpackError);
    return name === "ExceptionGroup" && all.length > 0
      ? new exceptions.ExceptionGroup(message, all)
      : new AggregateError(all, message);
  }
  if (DOM_NAMES.has(name)) return new DOMException(message, name);
  const known: unknown = (exceptions as Record<string, unknown>)[name] ?? (globalThis as Record<string, unknown>)[name];
  const isClass = typeof known === "function" && known.prototype instanceof Error;
  // The name is the thrower's choice: a group of errors it may be called, and have none.
  const isGroup = isClass && (known === AggregateError || known.prototype instanceof AggregateError);
  return isClass && !isGroup ? new (known as new (message: string) => Error)(message) : new Error(message);
}

/** What a signal gives as its reason. */
const DOM_NAMES = new Set(["AbortError", "DataCloneError"]);
