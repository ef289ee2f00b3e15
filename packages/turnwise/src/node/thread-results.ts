/** Results that a thread's function moves to the loop's thread. */
import type { Transferable } from "node:worker_threads";
import { describe } from "../describe.ts";

const transfers = new WeakMap<object, readonly object[]>();

/**
 * In a thread's function: lets what is in `transfer` be moved and not copied, when `value` is returned.
 * `return transferring(pixels, [pixels.buffer])`.
 *
 * @returns `value`.
 */
export function transferring<T extends object>(value: T, transfer: readonly Transferable[]): T {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`an object was expected, got ${describe(value)}: nothing else holds what can be moved`);
  }
  transfers.set(value, transfer);
  return value;
}

/** What is to be moved when `value` is returned; an empty list where nothing is. */
export function takeTransfer(value: unknown): readonly object[] {
  return (typeof value === "object" && value !== null && transfers.get(value)) || [];
}
