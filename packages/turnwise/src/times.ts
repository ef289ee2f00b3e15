/** Times as the user gives them: in seconds. */
import { describe } from "./describe.ts";

/** @throws TypeError if `seconds` is no number; RangeError if it is NaN. */
export function checkTime(what: string, seconds: unknown): void {
  if (typeof seconds !== "number") throw new TypeError(`${what} must be a number of seconds, got ${describe(seconds)}`);
  if (Number.isNaN(seconds)) throw new RangeError(`Invalid ${what}: NaN (not a number)`);
}
