/** What the recorder looks at in the runtime's objects: see its `Registry`. */
import type { Future, Task } from "turnwise";

export interface TaskLike {
  readonly _id: number;
  readonly _state: number;
  readonly _value: unknown;
  readonly _extra: { readonly name: string | undefined } | null;
}

export interface HandleLike {
  /** Of a timer's handle. */
  readonly _seq?: number;
  readonly _callback: { readonly name?: string } | null;
}

/** A task of an interpreter's, such as Python's; see `turnwise/guest`. */
export interface GuestTaskLike {
  /** Where it waits: as lines of a stack trace, innermost first. */
  suspendedAt(): readonly string[];
}

/** The states of a future: it was cancelled; it has a result; it has failed, and nobody has asked for the exception. */
export const CANCELLED = 1;
export const RESULT = 2;
export const UNSEEN = 3;

export function isGuest(subject: object): subject is GuestTaskLike {
  return "suspendedAt" in subject;
}

export function idOf(task: Task<unknown>): number {
  return (task as unknown as TaskLike)._id;
}

/** The number of the task that is waited for, if it is one. */
export function taskOf(on: Future<unknown> | null): number | undefined {
  return on === null ? undefined : (on as unknown as Partial<TaskLike>)._id;
}
