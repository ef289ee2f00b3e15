/**
 * The error classes, with asyncio's names.
 *
 * Python's `RuntimeError`, `LookupError` and `KeyboardInterrupt` are here too, since JavaScript has none; its
 * `ValueError` and `TypeError` are JavaScript's own `RangeError` and `TypeError`.
 */
import { describe } from "./describe.ts";

/**
 * The task (or the future) was cancelled: `asyncio.CancelledError`.
 *
 * It is thrown at the `await` where the cancelled task was waiting. Clean up in `finally`, or catch it and throw it
 * again: a task that swallows it goes on, as in asyncio. In Python `except Exception` lets it pass; a JavaScript
 * `catch` does not, so a `catch` around an `await` should let it through: `if (e instanceof CancelledError) throw e`.
 */
export class CancelledError extends Error {
  override get name(): string {
    return "CancelledError";
  }
}

/**
 * The cancellation that `thrown` is, if it is one: also what code that knows signals makes of it, an `AbortError` whose
 * cause is the {@link CancelledError} that a task's signal gave as its reason, and what `using` makes of it where the
 * clean-up fails besides, a `SuppressedError`.
 */
export function asCancellation(thrown: unknown): CancelledError | null {
  if (thrown instanceof CancelledError) return thrown;
  if (!(thrown instanceof Error)) return null;
  if (thrown.name === "SuppressedError") {
    const { error, suppressed } = thrown as unknown as { error: unknown; suppressed: unknown };
    return asCancellation(error) ?? asCancellation(suppressed);
  }
  return thrown.name === "AbortError" && thrown.cause instanceof CancelledError ? thrown.cause : null;
}

/** The future or task is not in a state that allows this: `asyncio.InvalidStateError`. */
export class InvalidStateError extends Error {
  override get name(): string {
    return "InvalidStateError";
  }
}

/** A deadline passed: `asyncio.TimeoutError` (Python's builtin `TimeoutError`). */
export class TimeoutError extends Error {
  override get name(): string {
    return "TimeoutError";
  }
}

/** Turnwise was used in a way that can't work (Python's `RuntimeError`). The message says what to do instead. */
export class RuntimeError extends Error {
  override get name(): string {
    return "RuntimeError";
  }
}

/** Raised by `Queue.getNowait` of an empty queue: `asyncio.QueueEmpty`. */
export class QueueEmpty extends Error {
  override get name(): string {
    return "QueueEmpty";
  }
}

/** Raised by `Queue.putNowait` of a full queue: `asyncio.QueueFull`. */
export class QueueFull extends Error {
  override get name(): string {
    return "QueueFull";
  }
}

/** The queue was shut down: `asyncio.QueueShutDown`. */
export class QueueShutDown extends Error {
  override get name(): string {
    return "QueueShutDown";
  }
}

/** The barrier was aborted, or reset while somebody waited: `asyncio.BrokenBarrierError`. */
export class BrokenBarrierError extends RuntimeError {
  override get name(): string {
    return "BrokenBarrierError";
  }
}

/** A context variable has no value and no default (Python's `LookupError`). */
export class LookupError extends Error {
  override get name(): string {
    return "LookupError";
  }
}

/** Ctrl-C ended the program (Python's `KeyboardInterrupt`): what {@link run} rejects with after it cleaned up. */
export class KeyboardInterrupt extends Error {
  override get name(): string {
    return "KeyboardInterrupt";
  }
}

/** What {@link ExceptionGroup.split} selects by: an error class, several of them, or a predicate. */
export type ErrorCondition = ErrorClass | readonly ErrorClass[] | ((error: Error) => boolean);

/** Any class of errors. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Several errors that happened at the same time: Python's `ExceptionGroup`, and an `AggregateError`.
 *
 * `errors` holds them (Python's `exceptions`); a group may hold groups.
 */
export class ExceptionGroup extends AggregateError {
  override get name(): string {
    return "ExceptionGroup";
  }
  declare readonly errors: Error[];

  /** @throws RangeError if there are no errors. */
  constructor(message: string, errors: Iterable<unknown>) {
    const list = Array.from(errors, toError);
    if (list.length === 0) throw new RangeError("an ExceptionGroup needs at least one error");
    super(list, message);
  }

  /**
   * Two groups of the same shape: the errors that match, and the rest; `null` where there are none.
   * A group that itself matches is taken whole.
   */
  split(condition: ErrorCondition): [match: ExceptionGroup | null, rest: ExceptionGroup | null] {
    return partition(this, toPredicate(condition));
  }

  /** The part of this group whose errors match, in the same shape; `null` if none does. */
  subgroup(condition: ErrorCondition): ExceptionGroup | null {
    return this.split(condition)[0];
  }

  /** A group of the same kind around other errors: override it in a subclass, and `split` gives your class. */
  derive(errors: Iterable<Error>): ExceptionGroup {
    return new ExceptionGroup(this.message, errors);
  }
}

function partition(
  group: ExceptionGroup,
  matches: (error: Error) => boolean,
): [ExceptionGroup | null, ExceptionGroup | null] {
  if (matches(group)) return [group, null];
  const match: Error[] = [];
  const rest: Error[] = [];
  for (const error of group.errors) {
    if (error instanceof ExceptionGroup) {
      const [inside, outside] = partition(error, matches);
      if (inside !== null) match.push(inside);
      if (outside !== null) rest.push(outside);
    } else if (matches(error)) match.push(error);
    else rest.push(error);
  }
  return [derived(group, match), derived(group, rest)];
}

function derived(group: ExceptionGroup, errors: Error[]): ExceptionGroup | null {
  if (errors.length === 0) return null;
  const part = group.derive(errors);
  if (group.cause !== undefined) part.cause = group.cause;
  if (group.stack !== undefined) part.stack = group.stack;
  return part;
}

function toPredicate(condition: ErrorCondition): (error: Error) => boolean {
  if (Array.isArray(condition)) {
    const predicates = (condition as readonly ErrorClass[]).map(toPredicate);
    return (error) => predicates.some((matches) => matches(error));
  }
  if (isErrorClass(condition)) return (error) => error instanceof condition;
  if (typeof condition === "function") return condition as (error: Error) => boolean;
  throw new TypeError("expected an error class, an array of error classes or a function");
}

function isErrorClass(value: unknown): value is ErrorClass {
  return typeof value === "function" && (value === Error || value.prototype instanceof Error);
}

/** What was thrown, as an `Error`: JavaScript may throw anything. */
export function toError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new Error(`something was thrown that is not an Error: ${describe(thrown)}`, { cause: thrown });
}
